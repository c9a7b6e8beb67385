export { GET } from "@/app/api/inbox/conversations/[id]/route";
