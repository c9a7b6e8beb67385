"""Logs read from Vercel: live stream and history become one."""
