"""Samples of what people hear of their own accounts on WeChat and WeCom."""

from services.notify.domain.accounts import of_suspension
from services.notify.samples.scene import LEAD, NOW

PEOPLE = {LEAD.person: LEAD}


def account_suspended(people=PEOPLE):
    return of_suspension(LEAD.person, "wechat", "unfollowed", NOW, people)


def account_refused(people=PEOPLE):
    return of_suspension(LEAD.person, "wecom", "refused", NOW, people)


ALL = (account_suspended, account_refused)
