"""Who people are: companies, teams, members, roles, projects, sign-in and tokens."""
