"""The English of every code that a service may answer with; the catalogues know the Chinese.

``N_`` marks a text for the catalogues without translating it yet.
"""


def N_(text: str) -> str:
    return text


REFUSALS = {
    "invalid_input": N_("Please look at the marked fields."),
    "rule_broken": N_("The rules of use do not allow this time."),
    "slot_taken": N_("This time is taken."),
    "plan_repaired": N_("Something has changed since the plan was made. It was repaired: look at it again."),
    "dates_clash": N_("Some dates cannot be had as they are. Choose for each of them; until then nothing is changed."),
    "steps_clash": N_("The campaign cannot be had as it is. Nothing was reserved or changed."),
    "wrong_state": N_("This is no longer possible: the reservation has moved on."),
    "stale_version": N_("Somebody changed this in the meantime. Look at the present state and try again."),
    "request_key_reused": N_("This request key was already used for another request."),
    "unauthenticated": N_("Please sign in."),
    "not_allowed": N_("You may not do this."),
    "not_found": N_("There is no such thing here, or you may not see it."),
    "too_many_requests": N_("Too many attempts. Please wait a little and try again."),
    "unavailable": N_("The service did not answer in time. It is safe to send the same again."),
    "method_not_allowed": N_("This address does not take that method."),
    "internal": N_("Something went wrong on our side. Please tell us the request id."),
}

DETAILS = {
    "ask_over": N_("It is over: answered, withdrawn, not answered in time, or one of the times has changed."),
    "interruption_over": N_("It is over already."),
    "interruption_not_running": N_("It is not going on now."),
    "stale_form": N_("This page is out of date. Reload it and try again."),
    "scope": N_("This token's scopes do not allow it."),
    "not_resendable": N_("It has found its way meanwhile, or a later message has."),
    "webhook_off": N_("It is switched off. Switch it on first."),
    "not_json": N_("The body is not JSON."),
    "content_type": N_("Send the body as application/json."),
    "too_large": N_("The body is larger than 1 MB."),
    "code_open": N_("Nobody has scanned the code yet."),
    "code_scanned": N_("Somebody else has scanned this code already."),
    "code_bound": N_("This code was used already."),
    "code_expired": N_("The code has run out."),
    "too_early": N_("It is too early for this."),
    "occupied": N_("The unit is not free yet: somebody else has it until shortly before your start."),
    "fault_closed": N_("This fault has been dealt with already."),
    "wrong_pin": N_("This PIN is not right. It stands on the reservation's page."),
    "pin_locked": N_("There were too many wrong PINs. Check in on the reservation's page instead."),
}

FIELDS = {
    "required": N_("Please fill this in."),
    "unknown": N_("This is not known here."),
    "unknown_field": N_("There is no such field."),
    "unknown_team": N_("Choose one of your teams."),
    "unknown_unit": N_("This unit does not belong to the facility."),
    "unknown_project": N_("This project does not belong to the team."),
    "unknown_choice": N_("Choose one of the list."),
    "too_long": N_("This is too long."),
    "too_short": N_("This is too short."),
    "control_characters": N_("This contains characters that cannot be shown."),
    "mandatory": N_("This is always told and cannot be switched off."),
    "same_time": N_("Choose an end that differs from the start."),
    "malformed": N_("This is not in the right form."),
    "not_a_text": N_("This is not a text."),
    "not_a_number": N_("Enter a whole number."),
    "not_a_boolean": N_("This is neither true nor false."),
    "not_a_list": N_("This is not a list."),
    "not_an_object": N_("This is not an object."),
    "not_json": N_("The body is not JSON."),
    "not_a_time": N_("This is not a date and time."),
    "naive_time": N_("Give the time with its offset, such as +08:00."),
    "ends_before_start": N_("The end must be after the start."),
    "out_of_range": N_("This is outside the allowed range."),
    "not_a_date": N_("This is not a date."),
    "not_in_series": N_("This date is not one of the series, or it has its reservation already."),
    "no_dates_left": N_("No date is left to be changed."),
    "too_many_steps": N_("A campaign has at most 12 steps."),
    "below_least_gap": N_("The greatest gap is shorter than the least."),
    "not_with_steps": N_("Move all steps by the same time, or say where each goes, not both."),
    "not_to_come": N_("This step has begun or is over, or there is none with this number."),
    "not_whole_minutes": N_("Give the time in whole minutes."),
    "rule_malformed": N_("This is no recurrence rule of RFC 5545."),
    "rule_frequency": N_("A series repeats daily, weekly or monthly."),
    "rule_part_unknown": N_("A part of this recurrence rule is not understood here."),
    "rule_endless": N_("Say how often or until when it repeats."),
    "rule_both_ends": N_("Say how often or until when it repeats, not both."),
    "rule_too_long": N_("A series has at most 200 dates."),
    "rule_too_far": N_("The dates lie too far in the future."),
    "rule_without_dates": N_("There is no such date in this time."),
    "unknown_family": N_("This family is not in the list above."),
    "unknown_language": N_("Texts are in zh-Hans and en."),
    "duplicate": N_("This is there twice."),
    "too_many": N_("These are too many."),
    "not_seven_days": N_("Give the hours of seven days, Monday first."),
    "overlapping": N_("These hours overlap."),
    "not_part_of_a_day": N_("A day must be made of whole steps."),
    "not_on_grid": N_("This must be a whole number of steps."),
    "shorter_than_shortest": N_("The longest time is shorter than the shortest."),
    "beyond_your_rights": N_("A token cannot do more than you may."),
    "taken": N_("This belongs to somebody else."),
    "not_a_member": N_("Only members of the base's WeCom can be bound."),
    "spent": N_("This code was used already."),
    "unknown_question": N_("The facility does not ask this."),
    "not_a_figure": N_("Enter a number."),
    "not_in_team": N_("Choose a member of the team."),
    "not_taken": N_("This facility takes no files."),
    "too_large": N_("A file may have up to 700 kB."),
    "unknown_type": N_("Attach a PDF, PNG, JPEG, XLSX, DOCX, CSV or TXT file without macros."),
    "only_for_choices": N_("Only a choice has answers to choose from."),
    "not_in_order": N_("Stages are lead, manager, base management, in this order, each once."),
    "needs_a_decision": N_("Files can be required only where every request is decided by somebody."),
    "nothing_to_decide": N_("You have nothing to decide, so nobody need stand in for you."),
    "cannot_stand_in": N_("This person may not see what you decide on, and so cannot stand in for you."),
    "in_the_past": N_("This is in the past."),
    "not_yaml": N_("This is not YAML."),
    "not_a_day": N_("Give the day as 2027-06-30."),
    "not_https": N_("The address must begin with https://."),
    "address_not_allowed": N_("This address leads into a network that may not be told."),
    "not_a_code": N_("This code is not right, or its ten minutes are over."),
    "not_later": N_("The new end must be after the present one."),
    "not_visible_ascii": N_("A key has 1 to 255 visible ASCII characters."),
    "not_in_the_year": N_("This date lies in another year."),
    "not_published": N_("The kept library does not know this year yet."),
    "not_for_this_kind": N_("This does not go with what is declared."),
    "nobody_to_ask": N_("Nobody who could be asked has this time. Look at the schedule: it may have changed."),
    "own_slot": N_("This is your own team's time."),
    "already_asked": N_("Your team has asked for this time already."),
    "too_many_asks": N_("Your team has three questions open. Wait for an answer, or withdraw one."),
    "cannot_be_given": N_("Choose a reservation that is to come and stands alone."),
    "not_this_time": N_("The time that you need must lie on the time that you ask for."),
    "never": N_("No date meets this rule."),
}

STATES = {
    "requested": N_("Requested"),
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
    "withdrawn": N_("Withdrawn"),
    "expired": N_("Expired"),
    "cancelled": N_("Cancelled"),
    "in_use": N_("In use"),
    "finished": N_("Finished"),
    "no_show": N_("No-show"),
    "competing": N_("Competing"),
    "offered": N_("Offered to you"),
    "declined": N_("Declined"),
}

ACTIONS = {
    "approve": N_("To approve it"),
    "reject": N_("To reject it"),
    "withdraw": N_("To withdraw it"),
    "cancel": N_("To cancel it"),
    "move": N_("To move it"),
    "check_in": N_("To check in"),
    "extend": N_("To extend it"),
    "check_out": N_("To check out"),
    "mark_no_show": N_("To note a no-show"),
    "allocate": N_("To allocate it"),
    "pass_over": N_("To pass it over"),
    "accept": N_("To accept it"),
    "decline": N_("To decline it"),
    "swap": N_("To swap it"),
    "replan": N_("To re-plan it"),
    "confirm": N_("To confirm it"),
}

INTERRUPTIONS = {
    "outage": N_("Out of order"),
    "maintenance": N_("Maintenance"),
    "closure": N_("The base is closed"),
}

SPECIAL_DAYS = {
    "exception": N_("hours of its own"),
    "holiday": N_("public holiday"),
    "working_day": N_("make-up working day"),
}

PROFILE = {
    "temperature": N_("temperature"),
    "ramp": N_("temperature ramp"),
    "contamination": N_("contamination class"),
}

QUOTA_SCOPES = {
    "company": N_("The company"),
    "team": N_("The team"),
    "person": N_("The person"),
    "project": N_("The project"),
}

QUOTA_PERIODS = {
    "week": N_("a week"),
    "month": N_("a month"),
}
