"""Addresses of signing in and of administering staff."""

from django.urls import path

from crm.staff.views import account, accounts, administration, cover, systems, units

app_name = "staff"
urlpatterns = [
    path("accounts/login/", account.SignIn.as_view(), name="sign_in"),
    path("accounts/logout/", account.sign_out, name="sign_out"),
    path("accounts/", account.MyAccount.as_view(), name="account"),
    path("accounts/password/", account.ChangePassword.as_view(), name="password"),
    path("accounts/tokens/new/", account.NewToken.as_view(), name="token_create"),
    path("accounts/tokens/shown/", account.TokenShown.as_view(), name="token_shown"),
    path("accounts/tokens/<int:pk>/revoke/", account.RevokeToken.as_view(), name="token_revoke"),
    path("staff/", administration.UserList.as_view(), name="user_list"),
    path("staff/add/", administration.UserCreate.as_view(), name="user_create"),
    path("staff/<int:pk>/", administration.UserDetail.as_view(), name="user_detail"),
    path("staff/<int:pk>/active/", administration.UserActive.as_view(), name="user_active"),
    path("staff/<int:pk>/unlock/", accounts.Unlock.as_view(), name="user_unlock"),
    path("staff/<int:pk>/password/", accounts.FirstPassword.as_view(), name="user_password"),
    path("staff/<int:pk>/change/", accounts.DetailsUpdate.as_view(), name="user_update"),
    path("staff/<int:pk>/posts/", administration.ChangeCreate.as_view(), name="change_create"),
    path("staff/changes/", administration.ChangeList.as_view(), name="change_list"),
    path("staff/changes/<int:pk>/", administration.ChangeDetail.as_view(), name="change_detail"),
    path("staff/changes/<int:pk>/approve/", administration.ChangeDecision.as_view(), name="change_approve"),
    path("staff/changes/<int:pk>/refuse/", administration.ChangeDecision.as_view(approve=False), name="change_refuse"),
    path("staff/cover/", cover.CoverList.as_view(), name="cover_list"),
    path("staff/cover/of/<int:pk>/", cover.CoverCreate.as_view(), name="cover_create"),
    path("staff/cover/<int:pk>/end/", cover.CoverEnd.as_view(), name="cover_end"),
    path("staff/systems/add/", systems.SystemCreate.as_view(), name="system_create"),
    path("staff/systems/<int:pk>/token/", systems.SystemToken.as_view(), name="system_token"),
    path("staff/systems/tokens/<int:pk>/confirm/", systems.TokenConfirm.as_view(), name="token_confirm"),
    path("staff/systems/tokens/<int:pk>/revoke/", systems.TokenEnd.as_view(), name="token_end"),
    path("units/", units.UnitTree.as_view(), name="unit_list"),
    path("units/add/", units.UnitCreate.as_view(), name="unit_create"),
    path("units/<int:pk>/", units.UnitDetail.as_view(), name="unit_detail"),
    path("units/<int:pk>/change/", units.UnitUpdate.as_view(), name="unit_update"),
    path("units/<int:pk>/day/", units.DaySet.as_view(), name="day_set"),
    path("units/<int:pk>/holidays/", units.HolidaysAdd.as_view(), name="holidays_add"),
]
