"""Pages: signing in and one's own settings; administration of people, units and calendars."""

from crm.staff.views.account import ChangePassword, MyAccount, NewToken, RevokeToken, SignIn, locked_out, set_language, sign_out

__all__ = ["ChangePassword", "MyAccount", "NewToken", "RevokeToken", "SignIn", "locked_out", "set_language", "sign_out"]
