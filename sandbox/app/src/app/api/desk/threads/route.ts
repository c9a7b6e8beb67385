export { GET } from "@/app/api/inbox/conversations/route";
