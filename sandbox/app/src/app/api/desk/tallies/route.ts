export { GET } from "@/app/api/inbox/counts/route";
