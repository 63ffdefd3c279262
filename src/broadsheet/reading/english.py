"""The English that is in every abstract: words that no phrase begins, ends or holds, and so says nothing about one."""

# ruff: noqa: E501, SIM905 - lists of words

# Words between phrases.
FUNCTION = frozenset(
    """a about above across after again against all almost along already also although always am amid among an and another
    any anything are around as at away be became because become becomes been before behind being below beneath beside besides
    best better between beyond both but by can cannot could despite did do does doing done down due during each either else
    enough etc even ever every everything except few fewer first firstly five for former four from further furthermore had has
    have having he hence her here how however i if ii iii in indeed instead into is it its itself just largely last lastly
    latter least less lot made mainly make makes making many may me meanwhile merely might more moreover most mostly much must
    my namely near nearly neither never nevertheless no none nor not nothing notably now of off often on once one ones only
    onto or other others otherwise our ours out over own particularly per perhaps prior quite rather really remarkably
    respectively same second secondly several she should show shown since six so some something still such than that the their
    them themselves then there thereby therefore these they third this those though three through throughout thus to together
    too toward towards two ultimately under unless unlike until up upon us use used uses using usually various versus very via
    was way ways we well were what when where whereas whereby whether which while who whom whose why will with within without
    would yes yet you your et al e.g i.e eg ie vs cf ten hundred thousand million twice both aka resp""".split()
)

# Verbs of telling what was done, by stem; their forms separate phrases too.
_VERBS = """achiev address adopt aim alleviat allow analyz analys appear appl argu assess assum attempt attribut avoid base
bear belong bring build call carr caus challeng characteriz characteris choos claim combin compar complement compris comput
conduct confirm conjectur consider consist constitut construct contain contradict contribut conver correspond creat deal
decid defin deliver demonstrat deploy deriv describ design detail develop devis differ discover discuss display dub employ
enabl encounter enhanc ensur equip establish evaluat examin exceed exhibit expect experienc explain explor express extend
facilitat fail feed fill find focus follow form formaliz formulat found furnish gain garner give given giving go good great
guarantee handl help highlight hold illustrat implement impos improv incorporat increas indicat induc inherit inspir
integrat intend interpret introduc inve investigat invok involv is keep know known lack lead learnt leverag lie like made
make manag match maximiz mean measur meet minimiz mitigat motivat name need observ obtain occur offer open optimiz outperform
overcom overlook own perform permit play possess pose present preserv prevent produc promis propos prov provid publish
purpose raise reach realiz reason receiv recogniz reduc refer reflect rel reli rely remain report requir resolv rest restrict
result retain reveal run satisf scale seek select serv shed show simplif speed spend stand start stat stem struggl studi
study submit suffer suggest support surpass surround tackl take tend term test think train treat tri try turn understand
underscor undertak unif unveil us util utiliz utilis validat vari verif view want work yield"""
# Adjectives, adverbs and nouns that fit any paper. They may stand inside a phrase, not at its ends or alone.
HOLLOW = frozenset(
    """ability able abundant acceptable access accompanying according account actual additional adequate advance advances advanced
    advantage advantages affect aforementioned alternative amount analysis appealing applicable application applications approach
    approaches appropriate approximately area areas article aspect aspects assumption attention author authors available average
    baseline baselines basic basis benchmark benchmarks benefit benefits big broad broader capabilities capability capable
    careful case cases central certain challenge challenges challenging characteristic characteristics clear close code codes
    collection combination common commonly comparable comparison compelling competitive complementary complete complex complexity
    component components comprehensive computationally concept concepts concern concerns conclusion condition conditions
    consistent consistently considerable context contribution contributions convenient conventional core correct cost costs critical
    crucial current currently data dataset datasets date degree demanding design desired detail details different difficult
    difficulty direct direction directions distinct diverse drawback effect effective effectively effectiveness effects efficacy
    efficiency efficient efficiently effort efforts emerging empirical empirically end entire equivalent especially essential
    evaluation evaluations evidence example examples excellent existing expensive experiment experimental experimentally
    experiments extensive extensively extra extremely fact factor factors fast faster feasible feature features field fields final
    finally finding findings flexible form framework frameworks frequently full fully function functions fundamental future gap
    general generally goal good growing heavily high higher highest highly huge hundreds idea ideal identical impact impacts implicit
    important impressive improvement improvements inability increased increasing increasingly inherent inherently initial insight
    insights instance instances interest interesting interestingly issue issues key kind kinds known large large-scale larger
    largest latest level levels light likely limit limitation limitations limited line literature little long low lower main
    major manner manuscript margin means method methodology methods metric metrics model models modern motivation multiple
    natural naturally nature necessary need needs new newly non novel number numbers numerous objective observation observations
    obvious original outcome outcomes output outputs overall paper papers paradigm part partial particular pattern patterns
    performance performances perspective phenomenon pipeline point points poor popular popularity possibility possible possibly potential
    potentially powerful practical practice practices precise preliminary presence previous previously primary principle principled
    principles problem problems procedure process processes promising proof proper properties property proposal proposed prominent
    purpose quality quantity question questions range rapid rapidly rate rates ratio real reason recent recently regarding regime
    related relation relationship relative relatively relevant reliable remarkable representative requirement requirements
    research researchers respect result results rich right rigorous role sample samples scale scenario scenarios scheme schemes science scope
    section sense series set sets setting settings setup shortcoming significant significantly similar simple simplicity simultaneously single
    size small solution solutions sophisticated source space special specialized specific specifically stage stages standard start
    state state-of-the-art step steps strategies strategy strength strong strongly structure structures studies study subject
    subset substantial substantially success successful successfully sufficient suitable superior superiority surprising surprisingly system systems
    systematic systematically target task tasks technique techniques technology term terms test testing theoretical theory thesis
    thorough thousands time times today tool tools top topic total traditional traditionally tremendous trend true type types typical
    typically unable underexplored underlying unfortunately unified unique usage useful user users usefulness valuable value
    values variant variants variety vast version versions viable view vital vulnerable weakness wide widely widespread wider work works
    world years year recent-years today's ours behavior behaviour respect reality fraction additionally crucially empirically
    intuitively importantly explicitly accurately simply easily directly readily jointly dynamically automatically adaptively
    theoretically practically similarly conversely accordingly consequently alternatively subsequently collectively thereafter
    popular-used real-world ground-breaking cutting-edge strict stronger weaker cheaper easier harder simpler trained
    learned applied based driven oriented aware including include includes included regarding attractive hand side sub
    introduction abstract github project page website demo video released release publicly open-source open-sourced
    appendix supplementary url https http www com""".split()
)


def _forms() -> frozenset[str]:
    found = set()
    for stem in _VERBS.split():
        forms = [stem + end for end in ("", "e", "s", "es", "ed", "d", "ing", "y", "ies", "ied", "ying")]
        forms += [stem + stem[-1] + end for end in ("ed", "ing")]
        found.update(forms)
    # Forms that are nouns of the field are none of these.
    return frozenset(found - {"feed", "training", "learning", "testing", "state", "states", "scale", "scaling", "reasoning",
                              "understanding", "design", "forming", "bases", "base", "form", "forms", "test", "tests", "terms",
                              "study", "work", "works", "view", "views", "run", "computing", "match", "matching", "speed",
                              "reason", "mean", "means", "need", "rest", "support", "name", "names", "scales", "unit", "train"})  # fmt: skip


VERBS = _forms()
