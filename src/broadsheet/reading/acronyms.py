"""Short forms with their long forms, and the name that authors gave to what they made.

Pairs are found as by Schwartz and Hearst (A simple algorithm for identifying abbreviation definitions in biomedical
text, 2003): beside a bracket, the short form's letters are looked for in the words before it, from the last to the
first, and the first letter must begin a word. Added are the other way round, "WINA (Weight Informed Neuron
Activation)", the apposition "DOEI, Dual Optimization of Embedding Information," and the title's "WINA: Weight ...".
"""

# ruff: noqa: RUF001, SIM905 - the dashes that titles have; a list of words

import re
from collections.abc import Iterator
from itertools import islice

from broadsheet.reading import MOST
from broadsheet.reading.sentences import sentences
from broadsheet.types.reading import Acronym

MOST_PAIRS = 20
_BRACKET = re.compile(r"\(([^()]{2,120})\)")
_SHORT = re.compile(r"[A-Za-z0-9α-ωΑ-Ω][\w+&./*'-]{1,14}(?: [A-Z0-9][\w+-]{0,8})?")
_WORDS = re.compile(r"\S+")
_PARTS = re.compile(r"[^\W_]+")
_EDGES = " ,;:.“”\"'`*[]"
_APPOSITION = re.compile(r"(?<![\w-])([A-Z][\w-]*[A-Z][\w-]*), (?:an? |the )?([A-Z][^,;.()]{8,90}),")
_COLON = re.compile(r"\s*(?::|\s[–—-]\s)\s*")


def acronyms(title: str, abstract: str) -> list[Acronym]:
    """The pairs of a plain title and abstract in their order, one for each short form. Never raises."""
    found: dict[str, Acronym] = {}
    for pair in _pairs(title, abstract[:MOST]):
        known = found.setdefault(_single(pair.short), pair)
        if len(found) >= MOST_PAIRS:
            break
        if known.long.islower() and not pair.long.islower() and known.long.lower() == pair.long.lower():
            found[_single(pair.short)] = pair
    return list(found.values())


def _pairs(title: str, abstract: str) -> Iterator[Acronym]:
    name, rest = _before_colon(title)
    if name and rest and _is_short(name) and (long := _forward(name, rest)):
        yield Acronym(name, long)
    for text in (title, abstract):
        for match in _BRACKET.finditer(text):
            yield from _of_bracket(text[: match.start()], match[1])
        for match in _APPOSITION.finditer(text):
            if _is_short(match[1]) and (long := _forward(match[1], match[2], whole=True)):
                yield Acronym(match[1], long)


def _of_bracket(before: str, inner: str) -> Iterator[Acronym]:
    inner = re.split(r"[;,]| (?:or|e\.g\.|i\.e\.|see|henceforth|hereafter) ", inner)[0].strip(_EDGES)
    if _is_short(inner):
        count = sum(map(str.isalnum, _single(inner)))
        words = list(_WORDS.finditer(before))[-min(count + 5, 2 * count) :]
        # No long form crosses the end of a sentence or another bracket.
        window = re.split(r"[()]|[.;:!?]\s", before[words[0].start() :])[-1] if words else ""
        if long := _backward(inner, window):
            yield Acronym(inner, long)
        return
    if inner.istitle() and inner.isalpha() and len(inner) < 11:  # "Variance Instability Reduction ... (Virgo)"
        window = re.split(r"[()]|[.;:!?]\s", before)[-1]
        long = _backward(inner, " ".join(window.split()[-2 * len(inner) :]))
        if long and _spelt(list(inner.lower()), long):
            yield Acronym(inner, long)
        return
    last = re.search(r"(\S+)\s*$", before)
    short = last[1].strip(_EDGES) if last else ""
    if " " in inner and _is_short(short) and (long := _forward(short, inner, whole=True)):
        yield Acronym(short, long)


def _is_short(text: str) -> bool:
    if not _SHORT.fullmatch(text) or len(text) > 14 or text.isdigit():
        return False
    capitals = sum(map(str.isupper, text))
    return capitals >= 2 or (capitals == 1 and any(map(str.islower, text)) and not text.istitle() and len(text) < 9)


def _single(short: str) -> str:
    """Without the plural's s: "LLMs"."""
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def _backward(short: str, window: str) -> str:
    """The shortest end of a text that holds the letters of a short form in order, the first at a word's beginning.

    Before it come the last words of the text where they begin with just these letters: "Proximal Policy Optimization"
    is what PPO means, although "Policy Optimization" holds the letters too.
    """
    for letters in dict.fromkeys((short, _single(short))):
        if long := _initials(letters, window):
            return long
        at = len(window)
        wanted = [letter.lower() for letter in letters if letter.isalnum()]
        for place in reversed(range(len(wanted))):
            at -= 1
            while at >= 0 and (
                window[at].lower() != wanted[place] or (place == 0 and at > 0 and (window[at - 1].isalnum()))
            ):
                at -= 1
            if at < 0:
                break
        else:
            token = max(window.rfind(" ", 0, at) + 1, 0)
            if window[at - 1 : at] == "-" and window[token : token + 1].lower() == wanted[0]:
                at = token  # "feed-forward networks (FN)" begins with "feed"
            long = window[at:].strip(_EDGES)
            if _is_long(long, short):
                return long
    return ""


def _initials(short: str, window: str) -> str:
    """The last words of a text, as many as a short form has letters, where they begin with these; parts count."""
    wanted = [letter.lower() for letter in short if letter.isalnum()]
    words = list(_PARTS.finditer(window))[-len(wanted) :]
    if [word[0][0].lower() for word in words] != wanted:
        return ""
    long = window[words[0].start() :].strip(_EDGES)
    return long if _is_long(long, short) else ""


def _is_long(long: str, short: str) -> bool:
    words = long.split()
    letters = sum(map(str.isalnum, _single(short)))
    plain = short.lower() not in long.lower().split() and len(long) > len(short)
    return plain and (len(words) > 1 or "-" in long or len(long) >= 8) and len(words) <= min(letters + 5, 2 * letters)


def _forward(short: str, text: str, *, whole: bool = False) -> str:
    """The shortest beginning of a text whose words' beginnings spell a short form; all of it if `whole`."""
    wanted = [letter.lower() for letter in _single(short) if letter.isalnum()]
    words = text.split()
    for count in range(1, min(len(words), len(wanted) + 5) + 1):
        if whole and count < min(len(words), 12):
            continue
        long = " ".join(words[:count]).strip(_EDGES)
        if _spelt(wanted, long) and _is_long(long, short):
            return long
    return ""


def _spelt(wanted: list[str], long: str) -> bool:
    """Whether letters can be found in a text in order, most of them where words begin, and the last word with one."""
    place, starts, last = 0, 0, -1
    for at, letter in enumerate(long):
        if place == len(wanted):
            break
        start = at == 0 or not long[at - 1].isalnum()
        if letter.lower() == wanted[place] and (place > 0 or at == 0):
            if start or letter.isupper() or _no_start_ahead(wanted[place], long, at):
                starts += start or letter.isupper()
                place, last = place + 1, at
        elif at == 0:
            return False
    final = long.rfind(" ") + 1
    return place == len(wanted) and last >= final and starts * 2 + 1 >= len(wanted)


def _no_start_ahead(letter: str, long: str, at: int) -> bool:
    return not re.search(rf"(?<![^\W_]){re.escape(letter)}", long[at:], re.IGNORECASE)


# The name of the method.

_MAKING = re.compile(
    r"\b(?:propos|introduc|present|develop|design|describ|devis|releas|unveil|offer|creat|construct|build|call|nam|term"
    r"|dub|denot|refer|coin|titl|implement)\w*\b"
    r"|\b(?:this leads to|results? in our|our (?:new )?(?:method|approach|framework|model|algorithm|system))\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<![\w-])(?:[a-z]{0,6}[A-Z][\w+]*[A-Z][\w+]*|[A-Z][a-z]+[0-9]\w*|[A-Z]\w*[0-9]*)(?:[-–][A-Z0-9][\w+]*)*\+?(?:\s\d(?![\d.%]))?"
)
_OURS = re.compile(r"\b(?:we|our|this|here)\b", re.IGNORECASE)
_NAMING = re.compile(r"(?:call|nam|term|dub|denot|coin|titl)", re.IGNORECASE)
LEAST = 3.5  # points; chosen on half of our labels
_LOOKS_NAMED = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}|[A-Za-z]\d|\w\+$|[A-Z]-[A-Z]")
# Short forms of the field that nobody made in the paper at hand.
_COMMON = frozenset(
    """LLM LLMS CNN CNNS RNN RNNS GNN GNNS DNN DNNS GAN GANS VAE VAES NLP CV AI ML DL RL SGD MLP MLPS VIT VITS BERT
    GPT LSTM LSTMS GRU RLHF DPO SFT RAG MOE PEFT LORA QA VQA ASR TTS MT NMT NER OCR SVM SVMS GPU GPUS CPU
    CPUS TPU API APIS IOT HCI KG KGS MCMC EM PDE PDES ODE ODES SDE MRI CT EEG ECG EHR SOTA OOD FL DP KV VLM
    VLMS MLLM MLLMS LVLM LVLMS PTQ QAT LM LMS MLM FFN FFNS NAS IR SVD PCA ICL COT PPO GRPO SSL HPC NP SAT
    CNNS MDP MDPS UAV UAVS IMAGENET COCO CIFAR MNIST GLUE MMLU PYTORCH TENSORFLOW CUDA GITHUB ARXIV OPENAI
    CHATGPT LLAMA QWEN GEMINI CLAUDE LIDAR RGB LTH FPGA NTK BO GP GPS AGI PF WIFI SQL JSON XML HTML URL WWW
    US UK EU USA COVID DNA RNA NERF NERFS TD""".split()
)


def method(title: str, abstract: str) -> str:
    """The name of what the paper makes, "" where none is surely given. Never raises."""
    abstract = abstract[:MOST]
    name, rest = _before_colon(title)
    if name and rest and _is_name(name, abstract):
        return name
    scores: dict[str, float] = {}
    known: set[str] = set()
    for order, sentence in enumerate(sentences(abstract)):
        for match in _MAKING.finditer(sentence.text):
            for found in islice(_NAME.finditer(sentence.text, match.end(), match.end() + 220), 7):
                named = found[0].rstrip(".-")
                bracketed = sentence.text[: found.start()].rstrip().endswith("(")
                # What was spoken of before is what others made, unless the title begins with it.
                if not (bracketed or _LOOKS_NAMED.search(named)) or _generic(named) or named in known:
                    continue
                weight = _weight(sentence.text[: found.start()], match, bracketed=bracketed) + (order < 8) * 0.5
                scores[named] = max(weight, scores.get(named, 0.0))
        known.update(found[0].rstrip(".-") for found in _NAME.finditer(sentence.text))
    counted = {named: score + _times(named, title, abstract) for named, score in scores.items()}
    best = max(counted, key=lambda named: counted[named], default="")
    return best if best and counted[best] >= LEAST else ""


def _weight(before: str, verb: re.Match[str], *, bracketed: bool) -> float:
    """How much a name's first place speaks for it: near the verb, in brackets after its long form, said by "we"."""
    ours = bool(_OURS.search(before[max(0, verb.start() - 60) : verb.end()]))
    naming = bool(_NAMING.match(verb[0]))
    between = before[verb.end() :]
    return 1.5 * bracketed + 1.5 * ours + 1.5 * naming + (len(between) < 40) - 0.5 * ("," in between)


def _times(named: str, title: str, abstract: str) -> float:
    said = len(re.findall(rf"(?<![\w-]){re.escape(named)}(?![\w])", abstract))
    return min(said, 4) * 0.75 - 0.75 + 2.5 * (named in title)


def _generic(named: str) -> bool:
    return named.upper().rstrip("+") in _COMMON or bool(re.fullmatch(r"\d+[A-Z]+|[A-Z]\d+", named))


def _before_colon(title: str) -> tuple[str, str]:
    """The name a title begins with and what follows its colon; of "Reducing ... with CASAL: ..." the last word."""
    parts = _COLON.split(title, maxsplit=1)
    if len(parts) < 2:
        return "", title
    head = parts[0].strip(_EDGES)
    words = head.split()
    joined = len(words) > 1 and words[-2].lower() in ("with", "by", "via", "using", "through")
    if words and len(words) <= 3 and not joined:
        return head, parts[1]
    last = words[-1].strip(_EDGES) if words else ""
    return (last, parts[1]) if sum(map(str.isupper, last)) >= 2 and _LOOKS_NAMED.search(last) else ("", parts[1])


def _is_name(name: str, abstract: str) -> bool:
    if _generic(name) or not name[0].isalnum():
        return False
    words = name.split()
    here = len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", abstract))
    looks = bool(_LOOKS_NAMED.search(words[0])) or bool(_LOOKS_NAMED.search(words[-1]))
    if len(words) == 1:
        return looks or here > 0
    return (looks and here > 0) or (here > 1 and all(word[0].isupper() or word[0].isdigit() for word in words))
