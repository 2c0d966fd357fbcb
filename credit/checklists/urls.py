"""Addresses of checklists."""

from django.urls import path

from credit.checklists import views

app_name = "checklists"
urlpatterns = [
    path("papers/", views.ItemList.as_view(), name="item_list"),
    path("papers/<int:pk>/", views.ItemDetail.as_view(), name="item_detail"),
    path("papers/<int:pk>/check/", views.ItemCheck.as_view(), name="check"),
    path("papers/<int:pk>/send-back/", views.ItemSendBack.as_view(), name="send_back"),
    path("papers/<int:pk>/leave-out/", views.ItemLeaveOut.as_view(), name="leave_out"),
    path("papers/<int:pk>/ask-again/", views.ItemAskAgain.as_view(), name="ask_again"),
    path("papers/<int:pk>/waiver/", views.WaiverAsk.as_view(), name="waiver_ask"),
    path("waivers/<int:pk>/", views.WaiverDecide.as_view(), name="waiver_decide"),
    path("packs/<int:pk>/papers/receive/", views.PapersReceive.as_view(), name="receive"),
    path("packs/<int:pk>/papers/requested/", views.PapersRequested.as_view(), name="requested"),
    path("packs/<int:pk>/papers/letter/", views.RequestWrite.as_view(), name="letter"),
    path("documents/<int:pk>/", views.DocumentDownload.as_view(), name="document_download"),
    path("documents/<int:pk>/use/", views.DocumentUseMore.as_view(), name="document_use"),
    path("documents/<int:pk>/remove/", views.DocumentRemove.as_view(), name="document_remove"),
]
