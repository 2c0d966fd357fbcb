"""Addresses of deals."""

from django.urls import path

from prospects.deals import views

app_name = "deals"
urlpatterns = [
    path("", views.DealList.as_view(), name="deal_list"),
    path("closed/", views.ClosedList.as_view(), name="deal_closed"),
    path("team/", views.TeamList.as_view(), name="deal_team"),
    path("board/", views.DealBoard.as_view(), name="deal_board"),
    path("add/", views.ProspectCreate.as_view(), name="deal_create"),
    path("known/", views.CompanyKnown.as_view(), name="company_known"),
    path("who-covers/", views.CoverageAsk.as_view(), name="coverage_ask"),
    path("assign/", views.DealAssignMany.as_view(), name="deal_bulk_assign"),
    path("of/<int:pk>/", views.CompanyDeals.as_view(), name="company_deals"),
    path("<int:pk>/", views.DealDetail.as_view(), name="deal_detail"),
    path("<int:pk>/course/", views.DealCourse.as_view(), name="deal_course"),
    path("<int:pk>/timeline/", views.DealTimeline.as_view(), name="deal_timeline"),
    path("<int:pk>/people/", views.DealPeople.as_view(), name="deal_people"),
    path("<int:pk>/history/", views.DealHistory.as_view(), name="deal_history"),
    path("<int:pk>/change/", views.DealUpdate.as_view(), name="deal_update"),
    path("<int:pk>/move/", views.DealMove.as_view(), name="deal_move"),
    path("<int:pk>/reopen/", views.DealReopen.as_view(), name="deal_reopen"),
    path("<int:pk>/assign/", views.DealAssign.as_view(), name="deal_assign"),
    path("<int:pk>/evidence/<str:criterion>/", views.EvidenceState.as_view(), name="evidence_state"),
    path("evidence/<int:pk>/", views.EvidenceWaiting.as_view(), name="evidence_detail"),
    path("evidence/<int:pk>/confirm/", views.EvidenceConfirm.as_view(), name="evidence_confirm"),
    path("evidence/<int:pk>/decline/", views.EvidenceDecline.as_view(), name="evidence_decline"),
]
