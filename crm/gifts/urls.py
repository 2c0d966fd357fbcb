"""Addresses of gifts."""

from django.urls import path

from crm.gifts import views

app_name = "gifts"
urlpatterns = [
    path("", views.GiftList.as_view(), name="gift_list"),
    path("give/", views.GiftCreate.as_view(), name="gift_create"),
    path("receive/", views.GiftDeclare.as_view(), name="gift_declare"),
    path("room/<int:pk>/", views.RoomLeft.as_view(), name="room"),
    path("of/<int:pk>/", views.CompanyGifts.as_view(), name="company_gifts"),
    path("exceptions/", views.Exceptions.as_view(), name="exceptions"),
    path("ledger/", views.Ledger.as_view(), name="ledger"),
    path("<int:pk>/", views.GiftDetail.as_view(), name="gift_detail"),
    path("<int:pk>/decide/", views.GiftDecide.as_view(), name="gift_decide"),
    path("<int:pk>/issue/", views.GiftIssue.as_view(), name="gift_issue"),
    path("<int:pk>/handed-over/", views.GiftHandOver.as_view(), name="gift_hand_over"),
    path("<int:pk>/declined/", views.GiftDecline.as_view(), name="gift_decline"),
    path("<int:pk>/cancel/", views.GiftCancel.as_view(), name="gift_cancel"),
    path("<int:pk>/dispose/", views.GiftDispose.as_view(), name="gift_dispose"),
    path("catalogue/", views.ItemList.as_view(), name="item_list"),
    path("catalogue/new/", views.ItemCreate.as_view(), name="item_create"),
    path("catalogue/<int:pk>/", views.ItemDetail.as_view(), name="item_detail"),
    path("catalogue/<int:pk>/edit/", views.ItemUpdate.as_view(), name="item_update"),
    path("catalogue/<int:pk>/stock/", views.StockMove.as_view(), name="stock_move"),
]
