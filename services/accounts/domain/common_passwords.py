"""The words that are tried first, in lower case; ``passwords.py`` takes off the digits and signs around one."""

COMMON = frozenset(
    """
    password passwd passwort passw0rd admin administrator root login welcome letmein changeme default secret
    test testing tester guest user username master manager system server service public private
    iloveyou loveyou iloveu lovely sunshine princess football baseball basketball soccer hockey
    monkey dragon tiger eagle falcon phoenix panther shadow ninja samurai warrior wizard merlin
    superman batman spiderman pokemon starwars trustno1 whatever freedom forever friends family
    michael jordan jennifer jessica michelle charlie daniel thomas andrew joshua matthew robert
    summer winter spring autumn monday friday january december computer internet google samsung
    apple microsoft windows linux qwerty qwertz azerty abc abcd qwe asd zxc qweasd qweasdzxc asdfgh zxcvbn
    1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 zaq12wsx qazwsx qazwsxedc a1b2c3d4 abc123 a123456 aa123456
    woaini woaini1314 woaiwojia wodemima mima nihao zhongguo beijing shanghai china wang li zhang
    5201314 1314520 520520 7758521 147258369 159357 789456123 123qwe qwe123 asd123 passport
    hello hellohello helloworld cheese chocolate cookie banana orange purple flower butterfly
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
