"""The platforms' APIs as we use them: calls, tokens, and what an answer means. No channel, no delivery rows.

calls.py      JSON over one kept connection, with an end to every wait and no secret in any error
tokens.py     an account's access token, one for all workers and processes
answers.py    errcode to Outcome
official.py   the Official Account: wechatpy's client with what it lacks; nobody else imports wechatpy's client
identities.py who somebody is: codes to scan, and pages opened inside WeChat
"""
