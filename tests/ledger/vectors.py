"""Published test vectors, as facts: keys and signed requests that other implementations are tested with."""

import base64
from hashlib import sha256

# FiloSottile/torchwood, cmd/litewitness/testdata/mldsa.txt (fac5716): a log whose only key is ML-DSA-44, made by Go's
# implementation of FIPS 204; the first checkpoint it sends to a witness.
_ML_DSA_KEY = (
    "example.com/mldsa-log+b5df45c5+BuhtcL97l3dcitjZ8Y9J54gmQ1TWn/BMF0yePKpTzhlFCkN6ouJDf+9kT9wve4/Y+JGXB"
    "UjlRvktAynZ6XOQSO+fOaxyPOQAwrtbZKYXnZWSQj9gHPz18q6brnckUv87Rsk/m5GIBvH8J3ymxZjUQS+DnAUIbctLsG2DD6I/o"
    "u0JtXpPLvfGhPDTkwc9QeFyBLBa02Pr9uuWCMohciLqRiFUo5+leUUDKba1g5TYjOjK/VKfntpdbEwoqhTJTG4armjUeXdrYDHea"
    "aMaCAnW5F0lMWYsHjqzRpKjeTjgItseaWKSm+ga/mzTAgqsbo5Ob/AwaXf4Av7/mN+ZM6vHON/NE7Ip5vpXpCiNb9YbEQavn+fjN"
    "ucFxffCacvzXghvaaQ+3C/5h5lpR8jeajBFsFIOvdkYKizt29lCjqZDkYQgVfB9nWeH6rbayMkBdDpmRH03cI+urD0Eb5zvRuGJn"
    "3PgfwdyQJ3WcDH5Gqn5dkKs5NIVMBC+FfKeD47ruAIruda4JiiYCAxZbWgwzTI80N5lZFHEndmxKWaw6z/QyphuYkNyvZVZ0R3kH"
    "3JN4jdy9KKpNtFoQqnoBTGeEE/fXEEs5ByPlKnrrefRgWTqxssE4nPzHHr5GGgv/NKNTXNKI4LvNPH5yO3Vv/gIiDZxPPc1Jen8u"
    "Kkmc0s3kT7XtcuWTlb+zdQeSme9ODj0IoVu29Eav2OsGJpReX7vZx9i2fVfHEMHY5nFew8L5RxcWmZFFiYhMFZnLvk/SWmHcwr3D"
    "hzZchrODhabHQ+S6S49Ws+5aoBBPM3mOrSSKHgobdI7BJrdzdT07kjzyiyS9Gyv8iylUHHMuuh1O05RNRcX5SXmenwGDPcT9HuLS"
    "+hoesO0FQgEt+jAR7vVyUUU2C6g6FC6QNfHL/EUsulvYIAS5fOK7acOeVnoJlpI57Bq+uzLZm6g7IZD0xxQwZPYyT4ek99l9HxDS"
    "rVnU0rAr+Tq5vVh5YxvDkQVWroYIWek/AI5awjmhgpW4LPapBhLk2ipkF5CmU3T0cm3ET5f14gYQZfz23nCsmZ7qyqiQilgOxJzV"
    "YacVoGAStGzJNY1wEf26MADW5McyQzYI/3Fpaa4Ay6p2yFmcJMfpqZnu4flgWMqN1UpMbbJ6I7hOrCFWryExK/nvSbRrErHTkPz2"
    "wvVfI+enbFz86c0iNb7naQKv6LoIZYEHFOCEsWGL/sCChn6BR4nk1qAakyXEQwi96CkIa3AX562F8lhw6CU4x7T+NWqi2AWfEXIm"
    "JenORhMP69hGIFsiLAVIjHtsWtJOi8cu+Brg1bFERkB4ryUTrLf/jFeb6KifZ+s8PZWclDaOLMINZ3E78a5u6AzgXpigJsAJ1A4B"
    "Y89muedrW2O8kFyh3TTTKyY4kedCW6L+8bFHV2Gce25ZulNC1mZs41XAI9CteeYaWaiL7uGMXgyQ73wr4ftwAEMdsoQVQsQriutS"
    "1AhpBGvjzPCwD5LC5p1fa0WXBQ1puuaNqr3IJodmDLhEIAsZcv1gdXMg8EQg9QLqgLLrBijU3GxFUQllS8lpQ4TLwFYUJ41+qt28"
    "JEeky/VzSEeQd/qob8cbyNM44o7INB+lbhEXEGWvVO8Ak+uWMY+PRKeY9OQcE6E27Nf3eUoHQXkwmXkjGgj0NKeXBIJc1k/Ws6WD"
    "bsU4graVKk5FQjwULcRngOpyiJQ/n8sObkAPXr+1rImK3lQJnxif/B6p5/tsh4rrcUht4yVIvFAaqsgAAE="
)
_ML_DSA_SIGNATURE = (
    "td9FxQAAAAAAAAAAkjFvCxC6244QGemHL0hurmk5M3Hj6noQQtBM1TiwnC1lFmT+t+cUG9W0ENlRQtV20lJFLKCzoJ08ulQEkfiV"
    "ueKHeMyURh97Iup0R9d41Monv472jkyfDoX3ILyX/kEOuSV4Ed2tU4VmtDSbP0rofMWAbKJRMnzCpNIT5xMe3tRbWLVTvAtnX9OB"
    "4UMKL1dvGS/uuhqW9Ddjik2D8veitBvk3TbQcT8fanSyZqCbDZ5zzw5JS3Gu5oD1zK7z+KiyqbzKUhglESs7YXFbeU0E03FrXdAP"
    "YS6GAuZtBWTJp4DEm4rL+NqU6Xp0n2ehhqd1rFAJUAcsE5CFakQdlmKkkzVMy3VZYll5ptS0amlYfGqX6/N9bJAYdAoWWpdgCep5"
    "eXCutQcTQXc69UocKT99/vholeAP1097GfS+hNL2ndNS2ieMnj8XLD1LCHVoBjKZUIObB0lx3leGRe9VjYgTRAY2WlE+K32b6Iz1"
    "rKzzDD8YBNQdkHgdx44uPOU3I+8szYS6NzQ2Z0QlqAtz0j9vZu9yEUUxCEORAiMAHLtV5oWZ/RvSE7qq5B0b8WrHGPGoR/qUNK4E"
    "CmlIe/SRo6M7yRrPs3das3ox1bkC3f92c98ewHLeQtLwwsqQJny6rlYaiaiPMxgdT2CVcJEcKOfaK8pdy2fucBDxHrQitpGkeLJL"
    "mWk6LLxR/Ut6s6xNyyKSuZlVslS40n9MJ837uMmJFyecKPliwAj8HzTWQywSkMpEQfJyr4i2Kfa2paOZ4izmotRTfdvbFWlWFwuG"
    "LWOQ0X/pKaExpdNDwqahAwbfGkw/iHbsV7ZIlNIuSNs2ccQvnjM8xqkT6sYYVxYiHpmk5sOwGsdeiMdwQqn7Q/Lz+uc3F6k/r0Ox"
    "7MJTX6fPhFdhe8RJg/77USR/MIGiT4YZHV+XgrtbV0jvMEgB4yEOircsScaBmLv18tTn1GiGlzFjK/s7gOzjk70jf1qCZ1MNgDAP"
    "std/5sXdwYON0FnA5zPUp9yMkq1/wZq+DuePQDT6nj8zgFrkrvl8s7nibKKaL2bKcje5YP3CFcXLZoESZnC3BJkV85VqXlAKl+dc"
    "tM3vNfMVrqk3/boBARw27mdKLsysIREkWR4caByW0csjL3Js9tn1hB0yf6hIGo8mvPIUjPIXn1rFSSKWkQlq15wu2gwEo9FdVF5b"
    "eMdF4LVwuO9PZ1Y4oXuRE2pIzMWq/jEzHAZ7GucP7yzU78X767ucrwO/AXjMlLUsLLFZaQcHHBsrQJLpy5w1Jn/L7XFyR2g0lBOd"
    "T+lSOhx7j33oIlzxmqdR47ovtkg+LJpbAJG7n/JiQ/h/xffe3VdqSsrB8S4ltKz+rq51swoZ59zmRzWaoNkyWX0eu0E7y6EfpfrK"
    "Emr0H+fYtVnJvCznWFKzbv7oDXKC0pOyKZsNctvFwhSGEEURCs1G+4IrAEWG2Y231thQ8HdMvaMcm+ocvBGhZjmE7bXFkdiJ7S09"
    "csFjljFDGCiGRiU+flxkyiqpa1DDgeFRWOEyNAdMeY2iQMTJU9ApqNVrPpjGbg7kL0HrfKCQM236d16DKfXIiUmZw/NONKnrliAI"
    "s6/WSzKdW/JUyTLiKfPV1ItODmw5eNz7lV36dR8g3us/bpWp4OaDIInrLxYZRfkLHLvXGGg5ogY2k/FMno/3UBbS0QfstK+ByB/p"
    "FVYCHWgDjctwpOHaqAAXAiWHAUh1KOpXBMv8qndpzhsYhvKbrL371aBST0e3iPW/K4x+kFfgdeClsftS9RnE8KDCf4Uz+9QMP9sx"
    "j4+ZACztE19eBVaSvCqv54wO6n5248UzbqPXzA1dweKQziw/FnPWC7qMrcs3jDi6PBPhpruk1xBy08MQg58l4YzuXrPm5gAyiUAy"
    "fNszvhTotaU02oljhvg24CycDo/2PvQY7sBmisIsVVeHssiRxg23CMgWHaPMDn6OM+IhF2xaAqJOjfnsFBWlvMg8LxsrBnOQ1YAB"
    "VLLtMvCSaIvgBjPt8XtLn9gZ0HL9OvGsR3efWHTR5p4nZyuHH2Nm8F3nWKVkEI4p4H6Yo5O0hkzCi1ZB7QT3uEIeR0Hq3g/bLTzm"
    "m6XzsjWSmQ8CtPapmXX476QT44wU0CWJ096SqUGUq2ZCDg3kFkV0BuKPIfLCt4sYK9bjj8UZCqkhyHbVm2x+HQwk8mNnDbUd7PK8"
    "9riPjA33KX0Sw32RE0uKtB0sC8m7t028aEupsRx56/M0jBgeYmEHuRrXpW9nuOkQPTBaHdmYBHNkzTF2arPzZK3diFuhKPvmSQh2"
    "CN6g8r0p3EN+dmps1fIUfHM6emkEuaod+ZG83vyJsyd5B2oPMTVP12z8VJtDRAYfA5bRj+HEw2aD4f23u/Zq3PHk2C9T5LTAu28W"
    "CuO/EpXGSIkq1/hRpyE0qhJSnPN9/iE74PoU1OgjGBv6uSUsNhNZJeMe2W23s8EAyStB5+u83IBgUctrGwXzNdoC9LY1p+kNFSAZ"
    "XIggNB3alVzoS+D9rcCYTUAafpkdwLaYq5/w0wRchljkG61rl+gZCiwtqZv3SHVxO7kRTAzfHsGDB1yc/9Sz++IMGyFHYvuqtclh"
    "pHPPToFByaVl687b1P4t2i/U4fWPZ4BBhN5Q7HGTxubspw1GY2MjBYU5OXvEJu9aWeibkM/fg6QrxPRYNsJBNJQRywMjYHj6Aefr"
    "ZeGXGxSNgS50kCNBvV7XTli/17y3MFgR4WfNmBK3BqKb87v3DBMVnLHcqvw1ZVjFPv91q0XYaDdVFHqOnS4Fh5nfwh1qfuvKrUZl"
    "wFPcwW+pG4YDyjx90MTFugpQ6KfEusmUhB5Dqr79nYWbOhW3e0PCEZtxmVrH9EtCHEgO6wnkWjPke6XULARu0ECF1gZvQczEjKfz"
    "xCt6Rknz+27lXyzgzRyHWxr0kB/pFty+8IebrDfIW9757d+1QLonDTmkLQiirF0ygsgQALmk1KljcHD/qiAZPHh5YX+Q2VdDfIfG"
    "eMXmCg3nX5r5DINcx47fNHtgWeGn8MjF8Hnff6x+ZU/7YqcBrDOvGqn46FBvuRY0+mWkRo576207vQR/023owl7pXZ5p/75V5yDk"
    "TZWDtXsfKjpypcxrWIBsg5GC25nZdjQQGBtFUF1pfn+xvunq9AEIFidYY2Vyc3mYw8TW7PkVKis5PENhdbfJHDtIdIiQsLe+1Nr+"
    "/wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA4eKDU="
)
TORCHWOOD_ML_DSA = (
    _ML_DSA_KEY,
    "old 0\n\nexample.com/mldsa-log\n1\n+zoErtsZtGO6sfiSV/v4UJSIyowisE8hvjw0q5+bD38=\n\n"
    f"— example.com/mldsa-log {_ML_DSA_SIGNATURE}\n",
    "ML-DSA-44",
)

# The same, multi-cosigs-ed25519.txt (5820115): a Sigsum log, named by the hash of its Ed25519 key.
_SIGSUM_KEY = bytes.fromhex("52c05edad1bf5feffa81354faae59a655d9a9a1a793ed2f62c39c26c0be2aecd")
_SIGSUM_NAME = f"sigsum.org/v1/tree/{sha256(_SIGSUM_KEY).hexdigest()}"
TORCHWOOD_ED25519 = (
    f"{_SIGSUM_NAME}+ec1293d2+AVLAXtrRv1/v+oE1T6rlmmVdmpoaeT7S9iw5wmwL4q7N",
    f"old 0\n\n{_SIGSUM_NAME}\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
    f"— {_SIGSUM_NAME} 7BKT0gOfNZ1J0So9unY3BZtm2YkPIoNYM/dce0Z2avJDs8dxN6ts9bOSwwrVrbjm6P9K3ZxpK6jJngOG6YvGGzV/lwo=\n",
    "Ed25519",
)

# C2SP/wycheproof, testvectors_v1: mldsa_65_sign_seed_test.json (022eeaf), mldsa_65_verify_test.json (06f11a1), tcId 1:
# seed, message, the digest mu that binds the public key made of the seed (FIPS 204, algorithm 7), the signature.
_ML_DSA_65_SIGNATURE = (
    "adpa7G1fWPvylDnFIL1ouWbj3SymM7aDUcKGI0RxOh6cCGpE+ahwo8zBTeYtbBKyeMNU1xl8TW1/g9FCKymyUPXuP+wRgxHZBeXb"
    "K0uLI7jVQiAtZlL23D+dftUfJGMILT8UXP0Pp6xUikfpHBzLGlWyFekKs1W/xtZxVCh7Hfrg+1MCZNu4QadoSzluXKBFnXlSFkFq"
    "nSMryJsy4PlGH1MQfHjmbI6HZVTo3dUBhntV3Pwfsz8QLgM3PN0ZJkDxAnoIzid7Ro9u0P6AqdbNLWsvejc4yDJdlbDMxue5+wAM"
    "kjuSKY4IZ9Sp9t1VE+gAEDPGM7sWQe5mNJSHIk3UM4bH/MKZFjMgZqhoEA1G4sW4NUwo8IegJMuidpSvxMFmXg1ys3aGkZrVUFLM"
    "Y6FE/r5OKgya5BbgZOKJ+facu4g2ZdETCCa3t04wyUormLZ7RxZj49ZjJts7Q76/lY6GZbaO2pDoxdlJSwx8nsSIAJEN1tkGsfzU"
    "egqsRirIexJtIbW6FQ32H3UiV931oGO0pbFQNx1iVTXjsodLn+VIlg/2eTHNbBJJboIT4qzm//SOa9xgMQ5JOJ9iV52ya5Ktc+nT"
    "8jlCyrUXhPSLNmC2RQyuy7DfKqTI5WV39epFDS9/UarMCzBKYiUL8srnuZ3NlVtllmJdBtocZ/cwtwb9umMPAP2JGDDSUUhGQLcl"
    "irNk1v2ZhoeP/6abfES5LkMUOv+uiwmOHSdxaFDzdVO/JmzftWGrvNv+uAdSs2RDTmS4BCm1TMiGk84D3A+hR/B0GyFfByhJm9wl"
    "FAqvyXasmekQuoqKUNIbe92qKGJrO5CpP9RAdwaDV8gdNuc17aQ2KTCt6tSVGguqEE84T8cOhCqfMp4YaLB7RV6cw/7NVIBckFLn"
    "D4jDuS/g/GpNfdoYz1aU5TmIYOQ5oeGdWmby+8CqzdGkmHEbsWBUeWwBWnFTle9hdON7BO2libZzxNXdpzeBf7UvOSyvenLXo+hL"
    "IYDLW3W8ivBlvcBcPkBAQ1obFgCBNSrEPgnL8urW4JwrC+DjeJSIj+KBL2iAb5V8E/zm/xZ7zuIdT0EuyVpIR/Pbe/RBIjpNTKnt"
    "aa203opLWwHHdfJyEibmxZ/yb8OOG7eKOEsw57VfCC4mTY8l4xUYYZ3da2qfr4qmzbXqt17VmjOCXV74uTveXRIK2nc/zAhSuRj0"
    "8D4tKlQ7FTY624I+sfbFM7mNlAQR4fXBz1Ifn2PVRUaXYIMmYl//4Bv4f0QYfa1jHfKJjv/SwpHZgiLlZKvjsEK3XpDJxUZnhC+o"
    "67aKEkS/jgw64+5fl9Xd7v2YbEvT+Z2HfCzCOBqJq9xhcT04zuWL9pgFpIXCiNIbFYQxRwZrSnTGncJd6HjiHTX9/mdG/rTBZmBr"
    "8yGeQs9jWB5+a9ZXD0D4+uWQzt9RBv5XA3zLIyS3T8plAPbtPQc2zcxn0E+PqegAVKW9fIRZ/Bq7HEx4Z31/azJa+UoOXJx9sKdI"
    "4SxSZehySUfZtcS6sai2+uyCfMQewRXvPC1zSM3avd+8hDbztBdl4T83YrO0XtIxVvCFgx5yalXUuDhIs9HTNSqrntzArCOI8jg/"
    "YwGtgTuRfuPyNzTgV4Mq5M9l5mjJ3dC90PnYtmkyVGSWaKqRofpet8WYWbtt3TbCX0oiI/XWiLSA0DiPowfqaSmPm/dzf2s9v9qH"
    "szGv/XXNjYjwRg6Y68KJCyF71tEQAKOgiM2Df0+IWaQ/dq+qqwWgwwB6FJ1Na5FVytwsm1UAPv3sUBK2JyuHGDaUxQXwRG7eVfNb"
    "irIB+e2pdP+EDsyw8AT6Os91Os0GE/ZuKmrILjIhmdN7Svg8uz2YNxwxvnm7QjMegZZEy60s4noE5MUXmYaSzYMxVSiS4ZmgGmki"
    "vaTTisTAH3CICeUpwyFuqrOZ7yWzUOohO6RxJvJ4FA4XORynE5vRPFb0Fea3Su2Nv784yV3G2zZv1yqoY6J/oevxmHFkALl4o3Ce"
    "NQOXMZMEBliOvf/TX6IwqbdfzkHXrNIUyk8AKYlsE3SV6t4M9NEP5iHHPwEGGssHfechd/9dvG8MW+xoGqNGaMpPzdcnUlBosLDp"
    "BylxuE72zhHVw8YCTaQJZnA9zCszrgT2d2d2NaVdtQjzTxQDzb43lgyFd9rD2EiynztcXGxW+3TzTI9GNMBLjM6bIY8XYMoA5t6H"
    "79FAh8YzRpyJK/PjGUQzNnM7tgz7RJQb+iUimqJDhNgS25D+dOD5P9oAXuqHQAc2yrwDb3FCG2ZXsWdNSo92y786ixwK+C9ylzkn"
    "dSJXxTLbQ52WdirWTxAlUanQP5zj2MyFDDk8Eov4BUu1W7kuox7AcG8IOpz5BCTGF/itKiEiXRkTww6PR6a3ExME1TaoVZbr/Zh7"
    "ZLa/PFFjjWyDkhS1PDwQqlK9nG63f8+AteO3JN7BOB0OAiB6atxz/1PZ0f/O4cSij6VEXOUY7uk3B0/3pAL1u8s2L/CQQV+dvZO2"
    "LuVtyMUOTS40xsYhZQwN/+MRSE6V1o3ncXDJCcgVgolGru7H7eVrz0M+Ivxjoz92TO0fkkLz0m3HVYaG5HHzD76TBNPVaviyPnKk"
    "CIlwsksvfpaMHQOS7usLDwrIwXZUelOD2UjtFUhLeeITFKHyjtYk9h5ars8iaeWwJ+GRD/3e3lL61OjaIk6KELB5VI+nzUQXL0mR"
    "rf12I9E+WhnIEoJLz5kMB8lyHe2Qk75s57x9o6yMkyEzpkOWuCK+krCIhEmRWW34k2JaTvJFQ791oQ19F/9wNQ72LOOndYrrv5s5"
    "d7CL7LnqKDdggvYHll8s3tKLvbOdq34AgzsEiDcNIhdCtm4n2e4tndB/QBvCKmLIqdjTopDGOASZFJaq+kejJXj1g8+1PQwhmQVZ"
    "c0QNdTXg2myylX9OBAAuzqaPnD/3bK3iftFf14NZidCrsZf+MvaGNhOaQnEGRLslhg/zP1OSAOPMuKdzhCLKD6DHRLTBnRXF1KPL"
    "CC4gp44gtaSWWwQ1lcvKytUAta27bNWX5qS5xepqHy5lO1R02id/GBgEgJSsng4eCyAGjRwc5aEUpNtxlQV6bOTSIcM2/cKRkP7o"
    "/4Vcrot/fALuwh+XLIJwZtnG3MSkF5vETqm4ir5RJL94sHHgnpr0P3OabhAwCR/Akec+3ER/JcaL+EuN96qPCRq0JmK5PgLCcAOv"
    "x7DKae/PpgvVPU14zrfE0sj9Xtfos1Ak3oSeBkAK0UX9soNI0isxfM7HBMQB+I2xrypTSCI/XO/ZFOQEydc4BdDedyEYgUhvG/Sq"
    "2srdOuJYjw23teaVf+1Qo3T1Qc/l5OkjyC7Efls9LHCtZ2DHnNUIC0kL3HX5714dF/CXix6HcHdfkCuUY+aYDhaDskVHUbotrUou"
    "ZGCSS9YP9JsDIwyxH80EoDiOYIdMNdP2z8TdSHZl4bFleHUerqieEmv1gERZbjGIx6ljEBe+Hy3NfWEjMYMv+HVUYNxJaqmaYeoF"
    "PHjnJgehghP/nvS7iAkDuR6aQ+Cx8O0VEbLsovQlP8+9fQ+uvzaA+/CkXfIxVEiCycRlBccm1WkF0C/QRsFlLY/QbRUoahqPi2n7"
    "2CXKQh/YD16boaI/kkk3rQSa3uxgx4/qGt+bHvforE0d7RjxqAGwvaj+mogJiCX/Pu9cH8aMvqFDMQs5VDKT8/X7z0dzsCBUwLx5"
    "8AVUlHx2BLNjicDEX1l6iPNxNFa0z9g7MMtlILYkqgnIEgZqjNVC3GfhnkyStWK04PZ5n+V9nU9PPgtvq/9LH8GQvx54d168vjZV"
    "03DKbAj0jez2FTpJie6raSH4R1+FGX9R1lHlY5lCV99Xl35fIZtIeXUd5XqwN0tAeiGttLpSC7Nee3UIZ1v0n05DIZBFFCPL1Sn8"
    "ebIrqunLHYZgw6ScRWrAO8BsDvOwL32KzUCRkxUgb7OOcVE5yb1viaWGNP5oPfA/W9pxl2T2w4ExvFuhxTJERy73ODSt4EuGygjd"
    "dTFBrAqaIw4kZzUGCgRAGLybddUBNLIOYhnBP4MltaAgHpRT9vAS/nLoKe4cY3/jADepISoxxucTcmps1M8t1m/9unfx4oAOcXlA"
    "8jHQSqLk6I3qCEdUlH2EjAJxhWv+ZZkiQIRJhYqB+mWD8GLZaJjRjsU2ZPAGfrm5xArSV5upgCq9jRvyh+SdlK45fnhNsUtfcBDu"
    "T8QubjyLqANwr8GI/OyvRm6oMNexY2LlyTKZgLmB3sxxdPP/cKNdihgO4S7Qy//U6NFOtQM4fklZ9wLUKTEJ6SLrVhNx+ashR1gh"
    "+FVdkvCqHD2EGm8eq9TmY5k2NsdUzis8P2prbQsWHnd7gpbX3Of9FilwSWSU1PYHFiRKWn+3zuQOHVZeZWZpfo+TAAAAAAAAAAAA"
    "AAAABRATGCEr"
)
WYCHEPROOF_ML_DSA_65 = (
    bytes([0x2A]) * 32,
    b"Hello world",
    "de30bd32395e1998bcdae79ad419cec6ea9e9a903fdc552c6e9801208174d80a"
    "9d2f3902a144e62f89d6e505cc9c69fb01de013fc1d0204ee4dcf5fcc25f1378",
    base64.b64decode(_ML_DSA_65_SIGNATURE),
)

# PyPI's cryptography_vectors 50.0.2, HPKE/hpke-pq-test-vectors.json (draft-ietf-hpke-pq): base mode of KEM 0x647a
# (MLKEM768-X25519, X-Wing), HKDF-SHA256 and ChaCha20Poly1305; the recipient's public key as its SHA-256. The other, of
# HPKE/test-vectors.json, is RFC 9180's for DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
HPKE_X_WING = {
    "info": "NGY2NDY1MjA2ZjZlMjA2MTIwNDc3MjY1NjM2OTYxNmUyMDU1NzI2ZQ==",
    "skRm": "PsR/qC3VaJ0nxhkOckx07I9gjfMzHOMxkp43uClnZjA=",
    "enc": (
        "JnWceyKSPqXMnHjj4UyPxi3LCmbOREYJZpeKf+loXgxtIpmdmaPxEsMHptWy5jWR9B6KNRa6YpCDdtZkVXIG5pauhwMF/2uggSUma8B2"
        "VnK+ypD9XG2uDT3a0VBgZanU8pfgw+cLtEGWHfJtehnXnR734qxeU7MqPHtOB/KvKuZYMKPo0csqwZMvwZ7FQ0MDtiydAQZFz5WkdZE9"
        "pdd6KCuIQC5Kd6sXsJVZ3OipbGeie+qPZTzqyj0ni27RUP6TbdoosXJmZclGyrMDY++J64eP/MdMqid6XasZlBk6Z5ZxJevVCYbcFpl7"
        "j3SE19DifHn/S2ggHBtBAvWnMyL9Palr9lXZDJseYwXgGrGzRJ6j9Fiw6Y4fLRYyglw7MAGLte77zID3Z9C55/n3MeGVgIOHnrzBtbsG"
        "HokwLERKhe7tFpsQ0lIP1HtqERkU872i8x0E8lBSK6lRASpin6LNIZJYPMmr110Ct6Ef0YBWxBS48OCTZTW/m2N8fmFKGum56Qf+nRQk"
        "PxNiXskql1meqkkbnakYtYbifTTHJ5IF3XbPDs2/YLWupM+53KQQafPi/I83GnzzsInqRp2EF72jFJFZmSOZzNW693ag+JZtR0LL7a6s"
        "Ex3ehTyx+7e4aaTAHOqKSHouUudXv0387COZXl8IiATSz5nILwh0VBRMxYaEXXz4EknnrZGeobBgAa0TUB2hGO4ZhZWVAVtLGHKRLdLU"
        "9d2FTxRK4HA4vYuytJj47csccMIQKvdo1QihtCNyOMDG40qcgZsOvyj0lQXTdAlbK1jHqBDPHoBss8ea87yEyLZXeHgE43TfK0m+asUQ"
        "1DAk5l/QMVQKfNRck0itn1URuWm+b5xNhJwUKPYRIlsNmjrjQWabpkW6qHfNw0w59ZdfSZGnf4bsosJevuY6BpKMG7yVE/NVR2Reg1VE"
        "weSo8z1/KcHPveZCX6Ba7/afNzqoooHJKBfL5b6TBXlTVO/HGolGLofOg5GdZ53L/e2I9//5F39LSeipWdmqeLY/65n6VnNd8PT8JTZT"
        "qRd/dnswe7Kp5+TZBC8izGxPF324Dvrr/vijuqbxQjM1yDAwjCSWEYJj8L02HZP4tOdafLqUwq9y3RPuiSZSTP6d8U95Flo0mLn9Yxy7"
        "h00lsRMV+ay0QlElYc99xgmKCIdPzHBM3V6E5XgRpJ54+9VuWo52dhcyHClQlVleorD0qsow3Th0mrg1Mr4b3PTDKhGeA1VYu0J9vbgG"
        "tOFc6o3zwJhyjCteQCCcUThTHbG2YHd1ROagFEd6fRuT6w8kX+nnBTmXwQUE72kvIWOchtiSbdzmiG0MOet8WTV+5U+BhxAZWTcT9Kbf"
        "N79wAzWGlM/1mvmHLKAr92LiBJkifbovVSIDRZ3MaXgO8I2bq0FA2W4cR48Gtjtgyb+xDZDjHUdXDqlJq46bmdtuwviip33LJcw2tzPf"
        "wJuCmanXsZ5owJrYJwP5tH000aPLr+Qsc/V9Dg=="
    ),
    "shared_secret": "WCAO0fE3vZWpIbtH9qrs8jlbJvf9JO/Tpf+uSEno3qM=",
    "key": "Exwuu0abkJpAkVkUr9f/XmOIiKxxldyqrvj5qE8OQDA=",
    "base_nonce": "K3po8Z5s29Q92jxt",
    "exporter_secret": "xTYu88AAjQ5XMADFwlo/YqO8cGHNQaOEyGwns32UW7s=",
    "aad": "Q291bnQtMA==",
    "ct": "xcWR+ZCS1eON8KUmma8knGb4J1qGNCPAdt6BR6U+ZcxYQEHJY7d6flnqk4QbEzm179qJCbcfdLsAc61i6JneMQwVZt6i/Snro3c=",
    "pt": "NDI2NTYxNzU3NDc5MjA2OTczMjA3NDcyNzU3NDY4MmMyMDc0NzI3NTc0NjgyMDYyNjU2MTc1NzQ3OQ==",
    "pkRm_sha256": "rYqvPwDYo5v+7ClHp9Xd5ovgi7oZvTAaNIpF3F/Mg0E=",
}
HPKE_RFC_9180 = {
    "info": "T2RlIG9uIGEgR3JlY2lhbiBVcm4=",
    "skRm": "SXtFAmZM/qXVrws5k02sciQqdPhIBFHhrufWpTMgMz0=",
    "enc": "bJPgmGnfNALXvyMb9UD63TXNVr4U+XF48JVNuUt/wlY=",
    "shared_secret": "MQHFTDpPh0OeqsCAaZ7Zu8xyb/5E6GDAQkzLfj4urXs=",
    "key": "9QsGCRhnmHKe0FZLNu8u+ARPH50FY2h00fRsgZx6Zp8=",
    "base_nonce": "FR2ZKeJEl0eIm8kj",
    "exporter_secret": "hgFxUbv/ahlA6KuuKsng5wMuM98equzALKYlmxMNYt8=",
    "aad": "Q291bnQtMA==",
    "ct": "5dhM1THPtYMJbnz6lkG9MHnPOpHNqBPFLetfUSvpkxmApB3hJaklza2FnVt6",
    "pt": "QmVhdXR5IGlzIHRydXRoLCB0cnV0aCBiZWF1dHk=",
}

# The same package, asymmetric/MLDSA/kat_MLDSA_{44,65}_det_pure.rsp, counts 0 to 9 and 99: the seed xi, and
# SHA-256 of the public key.
ML_DSA_KEYS = {
    44: (
        (
            "f696484048ec21f96cf50a56d0759c448f3779752f0383d37449690694cf7a68",
            "18288249b90bcbd48d473d2a507cc3c1e95e040f639ac3333a8ed1891de14552",
        ),
        (
            "6de62e3465a55c9c78a07d265be8540b3e58b0801a124d07ff12b438d5202ea0",
            "8d91b9927e331d039df029d6960679e87f4f8411231ef874ec4ba85ec780d18e",
        ),
        (
            "1eaae6bb91b27cd748c402c4111140d5a942cf3c95ff7977f88d2ef515bb26d0",
            "14d343d8fdc3129d8f4a3691da42875bc709b14297d900c05083fcedad2e8af2",
        ),
        (
            "b585d4eb01085111a172a87688d0032e3381a9e9a35fdd6ef2f8aeb3b40eb5ce",
            "1816ccb6f5091bbdb814d15459853812484dd6e2b2df6f7a299e8e8f301befdf",
        ),
        (
            "a9f93c7b791356b66afcceb745a548c7f6b185e4f45ec1ff1a22acdd96e7a6d8",
            "c101415c7c579c8666b88ca04072cf904e3ee42b123ec3f787fdec9448f5ee88",
        ),
        (
            "85da83b47129711a63c2c2f6a5bcb701237b2b0b66814eec9fcc1c560992a596",
            "83d0f37f47a19096b34310eb545fe1da70bae72be2bc960203d549ee1f377e33",
        ),
        (
            "f7ecfc9143ee45e44f5e98fd9ca1455340ec5db4fb098534365ebbfbcc57d34d",
            "7b8763faab315de121f0d897f7c5cc19e3bb2c47ada5056a74f83f703f424dcb",
        ),
        (
            "daa360ecbb51bcb33f5d36f92fffe77c2de7ed43d281dcb5fd68cfa0ce19df2e",
            "9476a3e9bd2997edc05d90a769aaae8e78dbde6564204f8c899746c1e6fa92b9",
        ),
        (
            "ad10ad3409a90c4b24ab0da526f289209abcb1f05c86c7e4437a144c91e1c867",
            "ef109a97494eede9f2f77116b557eb598e7a78f9aa5ad20109eb5c4170061a45",
        ),
        (
            "793871afccb50f4035b9788c7292b717939aa28f5094d99ee262047b15e42deb",
            "82d6e0b752842c7785761d1d1ed8a9b3723beb88d96688d9b26c8de1ea181bb3",
        ),
        (
            "757249d617ffe21cb99c7af47efcd1909e40dc9a95010c2361f071f60a44ecec",
            "f1e4070650911dcfa3f68ee5d27057d3450d477cbb2a2aada083b1babddcb670",
        ),
    ),
    65: (
        (
            "f696484048ec21f96cf50a56d0759c448f3779752f0383d37449690694cf7a68",
            "ab0f27cfe4f84d2a9fa74d48467439df9e5dd8401f8715f82ed70e43a371400a",
        ),
        (
            "6de62e3465a55c9c78a07d265be8540b3e58b0801a124d07ff12b438d5202ea0",
            "7492efc0fe061dd862f3d2df3f9df030b143766ef056ff14bba44a4f0089ff1d",
        ),
        (
            "1eaae6bb91b27cd748c402c4111140d5a942cf3c95ff7977f88d2ef515bb26d0",
            "1a07e19eb0a9bf16faa9171421d7619b2d1d10bfd0325b35c2da12ddb70bf546",
        ),
        (
            "b585d4eb01085111a172a87688d0032e3381a9e9a35fdd6ef2f8aeb3b40eb5ce",
            "b81cfc9a14700e23f7bc0b5bbb06b2b016145328e889682935a7bf0a0a0e05c9",
        ),
        (
            "a9f93c7b791356b66afcceb745a548c7f6b185e4f45ec1ff1a22acdd96e7a6d8",
            "43e5cab45ef4265372eca8a891ae416107e3d9c2a7f5c4eb5d37e04d0a4f9829",
        ),
        (
            "85da83b47129711a63c2c2f6a5bcb701237b2b0b66814eec9fcc1c560992a596",
            "ce679dd599768aa174647a11abdcd52e3738ff926a96fc3fbae3bb78ab4b5290",
        ),
        (
            "f7ecfc9143ee45e44f5e98fd9ca1455340ec5db4fb098534365ebbfbcc57d34d",
            "034c0cb1f548357e4738a11673dd730d11b590e14c756388efeb8bd3d5e37423",
        ),
        (
            "daa360ecbb51bcb33f5d36f92fffe77c2de7ed43d281dcb5fd68cfa0ce19df2e",
            "3f8199a0289cb9ba204c5b3ef01011115730bcc0ee449b61f0c7930d0cd7c1c7",
        ),
        (
            "ad10ad3409a90c4b24ab0da526f289209abcb1f05c86c7e4437a144c91e1c867",
            "c11a63818a02cddb4c219a967a55e6a07e25ecd472e19bf1e6e34ed6a47cc0b8",
        ),
        (
            "793871afccb50f4035b9788c7292b717939aa28f5094d99ee262047b15e42deb",
            "65446341adc51dcbdaa525b7c43afb5c83c77540119ba17c01d84e4a4f393eec",
        ),
        (
            "757249d617ffe21cb99c7af47efcd1909e40dc9a95010c2361f071f60a44ecec",
            "f65b0cb77b8ab1f0f3f72c1da04e2c7f5c534c4d518f5dc8e5109cac92b5d1e6",
        ),
    ),
}

# transparency-dev/tessera, testdata/log (842b908, a508c5b): the leaves, the key, and checkpoints of Go's making.
TESSERA_LEAVES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eit",
    "nain",
    "ten",
    "ileven",
    "twelf",
    "threeten",
    "fourten",
    "fivten",
]
TESSERA_VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
_TESSERA = "— example.com/log/testdata "
TESSERA_CHECKPOINTS = {
    size: f"example.com/log/testdata\n{size}\n{root}\n\n{_TESSERA}{signature}\n"
    for size, root, signature in (
        (
            0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "M9e0lhxJACzE1KoUdqKuPa+9p6R7dSW8BlEvrg/noo8FkGg6PbJoRNOcdjqjOq89wVvTA60eubCc4oufo5BvIVEgtQc=",
        ),
        (
            8, "bC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=",
            "M9e0lq1EK37dHtgv9O3UzPxisw5vwIPcJsX9ab0xt4mvVfbdUR1fbMjN6sBFYpBoBEmD4+cWhj/AVgI5MitCO5+mews=",
        ),
        (
            15, "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=",
            "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=",
        ),
    )
}  # fmt: skip

# transparency-dev/merkle, testdata (65362ac, 73a0db1, bcba819): the good proofs; its spoiled ones are these with one
# thing changed, as their names say (modified-proof, removed-component, trailing-garbage, leafIdx, treeSize, size1 …).
MERKLE_INCLUSION = (  # index, size, root, leaf hash, proof
    (
        5, 8, "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=", "QnGia+DYqE8L1UyMMC58s6O10fpngKQLzOKHNHfatlg=",
        ("vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=", "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
         "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc="),
    ),
    (
        2, 3, "rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=", "ApjRIpBtz8EIkstTpzmS/FufST6kybrbJ7eRtBJ6f+c=",
        ("+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=",),
    ),
    (
        1, 5, "Tju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=", "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
        ("bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=", "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
         "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms="),
    ),
)  # fmt: skip
MERKLE_CONSISTENCY = (  # sizes, roots, proof
    (
        6, 8, "duZ9rbzfHhDht03cYIq9L5jfsW+851J3tSMqEn8gh+8=", "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=",
        ("DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=", "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
         "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc="),
    ),
    (
        2, 5, "+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=", "Tju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=",
        ("Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=", "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms="),
    ),
    (
        6, 7, "duZ9rbzfHhDht03cYIq9L5jfsW+851J3tSMqEn8gh+8=", "3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=",
        ("DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=", "sIaT7C5yFZcTBkHoIR5+7cy0wmQTlj7ubB4u0W/7Gl8=",
         "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc="),
    ),
)  # fmt: skip
