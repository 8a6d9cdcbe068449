"""What a step says to a person: mails, invitations and WeChat cards, from the files under templates/."""
