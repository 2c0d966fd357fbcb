"""What was said in threads, clocks that were stopped and frozen memos are refused by the database to change."""

from django.db import migrations

from credit.reviews.lasting import lasting


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [lasting("reviews_saying"), lasting("reviews_stoppedclock"), lasting("reviews_memo", once="frozen_at")]
