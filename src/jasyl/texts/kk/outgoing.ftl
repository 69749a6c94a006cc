refusal-outgoing-forbidden = { $received } мекенжайына сұрау жіберілмейді: ол https емес немесе ашық интернетке апармайды.
    .mend = Пайдаланушы аты мен құпиясөзсіз ашық https мекенжайын көрсетіңіз.
refusal-outgoing-failed = { $received } алынбады ({ $reason }).
    .mend = Мекенжай мен байланысты тексеріп, қайталап көріңіз; келіп үлгергені сақталды.
refusal-outgoing-too-large = { $received } { $expected } байттан көп жібереді.
    .mend = Мекенжайдың дұрыстығын тексеріңіз.
