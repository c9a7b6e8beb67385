"""An auth service that speaks the Supabase Auth API: enough of it for supabase-js to sign in, refresh and sign out."""

from sandbox.auth.condition import Condition
from sandbox.auth.keys import Keys
from sandbox.auth.service import LIFETIME, AuthService
from sandbox.auth.users import User

__all__ = ["LIFETIME", "AuthService", "Condition", "Keys", "User"]
