"""Small closed classes of English words that several modules ask for; the cues themselves are in cues.csv."""

from kg.language.document import Token

MARKS = ".,;:!?…—–-“”\"'‘’«»„()[]"


def low(token: Token) -> str:
    """Return a token's word in lower case, whatever vocabulary its document has."""
    return token.text.casefold()


def is_mark(token: Token) -> bool:
    """Return whether a token is a mark of punctuation."""
    return token.pos_ == "PUNCT" or not token.text.strip(MARKS)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Grammar.
NEGATIONS = _words("not n't n’t never neither nor hardly nobody nothing none")
RESTRICTIONS = _words("only just merely simply necessarily")  # "not only" denies nothing
RELATIVE = _words("who which that")
POINTING = _words("this these that those such")
FIRST_PERSON = _words("i we")
GENERIC = _words("you one anyone everybody everyone anybody nobody")
SINGULAR = _words("he she")
EXPLETIVE = _words("it there this that which what these those")
THIRD_PERSON = SINGULAR | _words("it they")
PRONOUNS = SINGULAR | EXPLETIVE | _words("they who")
DUTY = _words("should must ought need needs")
PROSPECT = _words("may might could would will 'll ’ll can")
NOT_YET = PROSPECT | _words("should must wo ca")  # auxiliaries of what is not said, or not said yet
CONCESSIVE = _words("although though whereas")  # after a cue that interrupts, the narrator's
LINKS = _words("remain stay feel grow become sound be")  # verbs before a predicate adjective
SAME_FORMS = _words("put set cut hit let cost read hurt spread")  # past tense like the bare form
DAYS = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december day week month year morning afternoon evening night time moment"
)

# Verbs that govern another verb.
QUOTING = _words("quote cite")  # "quoted an official as saying": in the active, the participle takes the object
QUOTED = _words("quote cite hear see record")  # "quoted as saying": the participle takes the subject of the passive
# "Asked whether …, he said": the one who then speaks was asked.
QUESTIONED = _words("ask press question quiz tell grill challenge")
OBJECT_CONTROL = _words("urge ask tell order force lead press allow let make hear see")
# "declined to comment", "wants to say": the words were not said.
SILENT = _words(
    "refuse decline fail want wish hope plan need forget hesitate expect avoid stop ask urge tell force intend "
    "prepare allow get have unable likely ready able"
)

ISSUING = _words(
    "issue release publish write send post make give deliver share put hold address read adopt pass approve sign"
)

# "faced criticism", "won praise": the subject is who hears it, not who speaks.
RECEIVING = _words(
    "face draw receive get win attract spark prompt provoke trigger meet earn garner suffer cause raise stir"
)

# Nouns.
NEED = _words("importance need necessity urgency")
EVIDENCE = _words("evidence proof sign indication example reason")
# Papers that speak for who issued them: "the Council issued a statement saying …".
PAPERS = _words(
    "statement letter message speech tweet post note communique communiqué declaration release memo resolution "
    "petition warning email op-ed article report rumour rumor media"
)
# Those who speak, and papers that speak by themselves: what "according to" can introduce without a name.
SPEAKERS = PAPERS | _words(
    "official source medium agency witness diplomat spokesman spokeswoman spokesperson minister ministry newspaper "
    "expert analyst study document person police resident lawyer poll survey record filing scientist researcher "
    "company group government authority military army office court transcript data estimate website account leader "
    "member aide"
)
# Bodies that speak, though the article may have no name for them.
BODIES = _words(
    "bank party union firm club council board committee commission team department university hospital charity airline "
    "regulator watchdog body state city campaign side family church movement organisation organization association "
    "federation coalition alliance panel parliament house senate network broadcaster chamber operator maker opposition "
    "administration junta militia police institute foundation league assembly cabinet embassy tribunal"
)
# Those whom a paper cites for its words: "citing officials", but not "citing the risk".
CITED = _words(
    "official source report medium media agency diplomat spokesman spokeswoman spokesperson ministry newspaper analyst "
    "expert witness statement executive technician person people insider employee resident lawyer aide researcher "
    "scientist trader banker minister lawmaker doctor police document letter memo filing email"
)
# What carries words to the paper: "in an interview with X", "in an article for X".
CARRIERS = _words(
    "interview statement article post column broadcast program programme comment essay briefing op-ed call "
    "conversation remark email message show podcast newspaper"
)
CARRYING = _words("in on via through during with to by for")

# Words that stand for what was said before: "The ministry denied it", "he thinks so".
POINTERS = _words("it this that so")

# Contents that say nothing by themselves: "he announced it".
EMPTY = _words(
    "it this that so which who whom what them him her himself herself themselves itself us me you these those one "
    "not yes no more too also"
)
