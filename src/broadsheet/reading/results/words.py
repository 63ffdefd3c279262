"""The words of claims: what says that something became more or less, and what is measured.

Small tables that a reader can argue with. Each is a regular expression's alternatives, in lower case.
"""

# ruff: noqa: E501 - tables

import re

from broadsheet.reading.results.quick import alternatives

# Verbs, before "by 12%" or "12% of". The first group of each table is its own kind of claim.
FASTER = alternatives(r"accelerat(?:e[sd]?|ing)|sped up|speed(?:s|ing)? (?:it |this |that )?up|expedit(?:e[sd]?|ing)")
OUTDO = alternatives(
    r"outperform(?:s|ed|ing)?|surpass(?:e[sd]|ing)?|exceed(?:s|ed|ing)?|beat(?:s|ing)?|outscor(?:e[sd]?|ing)"
    r"|improv(?:e[sd]?|ing) (?:up)?on|improv(?:e[sd]?|ing) over"
)
RAISE = alternatives(
    r"improv(?:e[sd]?|ing)|increas(?:e[sd]?|ing)|boost(?:s|ed|ing)?|enhanc(?:e[sd]?|ing)|rais(?:e[sd]?|ing)"
    r"|lift(?:s|ed|ing)?|gain(?:s|ed|ing)?|advanc(?:e[sd]?|ing)|elevat(?:e[sd]?|ing)|ris(?:es?|ing)|rose"
    r"|grow(?:s|ing)?|increment(?:s|ed|ing)?"
)
LOWER = alternatives(
    r"reduc(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|cut(?:s|ting)?|lower(?:s|ed|ing)?|shrink(?:s|ing)?|shrunk"
    r"|sav(?:e[sd]?|ing)|drop(?:s|ped|ping)?|declin(?:e[sd]?|ing)|degrad(?:e[sd]?|ing)|shorten(?:s|ed|ing)?"
    r"|diminish(?:e[sd]|ing)?|prun(?:e[sd]?|ing)|remov(?:e[sd]?|ing)|eliminat(?:e[sd]?|ing)|trim(?:s|med|ming)?"
    r"|fall(?:s|ing)?|fell|suppress(?:e[sd]|ing)?|mitigat(?:e[sd]?|ing)|slash(?:e[sd]|ing)?"
)
COMPRESS = alternatives(r"compress(?:e[sd]|ing)?")

# Nouns of change, after "12%" or before "of 12%".
MORE_NOUN = alternatives(
    r"increases?|improvements?|gains?|boosts?|enhancements?|growth|rise|advantages?|margins?|uplift|jump|leads?"
)
LESS_NOUN = alternatives(
    r"reductions?|decreases?|drops?|declines?|degradations?|savings?|cuts?|losse?s?|shrinkage|compressions?"
    r"|deteriorations?|falls?"
)
SPEED_NOUN = alternatives(r"speed-? ?ups?|speed gains?|accelerations?")

# Comparatives, after "12%" or "3x".
MORE_THAN = alternatives(r"more|higher|better|greater|larger|bigger|stronger|longer|improved")
LESS_THAN = alternatives(r"less|fewer|lower|smaller|cheaper|shorter|lighter|worse")
QUICKER = alternatives(r"faster|quicker|speedier")
SLOWER = alternatives(r"slower")

# What is measured. The first that is found in the words around a value decides.
SPEED = re.compile(
    r"\bspeeds?\b|speed-? ?up|throughput|accelerat|\bfps\b|frames per second|\bfaster\b|queries per second"
)
TIME = re.compile(r"latenc|\btimes?\b|runtime|\bduration|\bdelays?\b|\bhours\b|time-to")
MEMORY = re.compile(r"memory|footprint|storage|\bv?ram\b|\bkv[- ]cache|\bcache size|disk")
COMPUTE = re.compile(
    r"flops?\b|\bmacs?\b|computation|\bcompute|\bcosts?\b|energy|\boperations\b|complexity|\bpower\b|carbon|overhead"
    r"|floating-point|\bbudgets?\b"
)
SIZE = re.compile(r"parameters?\b|\bparams?\b|\bsizes?\b|compress|\bweights\b|bandwidth|bit-?rate")
BAD = re.compile(
    r"error|\bwer\b|\bcer\b|\beer\b|\bder\b|\bfid\b|perplexit|\bppl\b|mistakes?|misclassif|hallucinat|\bmae\b|\brmse\b"
    r"|\bmse\b|\bloss\b|\bregret\b|false (?:positive|alarm|negative)|failures?|violations?|\bbias\b|variance|noise"
    r"|attack success|toxicit|forgetting|\bgap\b"
)
RATE_OF_ERROR = re.compile(r"\berrors?\b|error rate|\bwer\b|\bcer\b|\beer\b|\bder\b|misclassif")
ACCURACY = re.compile(
    r"accurac|\bsuccess rates?\b|\bpass@\d|\bpass rate|exact match|\btop-?\s?[15]\b|\bwin[- ]rate|\bcorrect\b|\bem\b"
    r"|solve rate|completion rate|\bsolved\b|resolution rate"
)
SCORE = re.compile(
    r"\bf-?[1β]\b|f1-?scores?|f-?scores?|f-measure|\bau-?(?:roc|c|prc)\b|\broc\b|\bbleu\b|\brouge(?:-\w+)?\b|\bm?ap\b"
    r"|\bm?iou\b|\bpsnr\b|\bssim\b|\bndcg(?:@\d+)?\b|\bmrr\b|\brecall(?:@\d+)?\b|\bprecisions?\b|sensitivit|specificit"
    r"|correlation|\br2\b|\br²|\bdice\b|\bscores?\b|\bkappa\b|\bmcc\b|\bmeteor\b|\bcider\b|\bperformance\b|\bhit rate"
    r"|\bagreement\b|\bcoverage\b|\bmiou\b|\bquality\b|\butility\b|\breward\b|\bgenerali[sz]ation\b|\brobustness\b"
    r"|\bc-index\b|\bpearson|\bspearman|\bsuccess\b|\bgsm8k\b|\bmmlu\b|\brefusal rate"
)
GOOD = re.compile(
    r"efficien|effective|accura|robust|reliab|improve|quality|performance|consisten|diverse|precise|stable"
)

# Values reached are believed only of these, by name: "a BLEU of 28.4", "0.93 AUC".
_OF_WHAT = alternatives(
    r"test|validation|classification|average|mean|overall|balanced|weighted|macro|micro|zero-shot"
    r"|few-shot|prediction|detection|recognition|word|character|token|equal|segmentation|diagnostic|training|task|final"
    r"|absolute|relative|pearson|spearman|pairwise|exact|state-of-the-art|sota|segment-level|top-1|top-5|top1|top5"
    r"|rank-1|box|mask|human|execution|answer|generalization|unweighted|cross-validation|cross-validated|five-fold"
)
_MEASURE = alternatives(
    r"accurac(?:y|ies)(?:\s+scores?)?|error(?:\s+rates?)?|wer|cer|eer|der|f-?1(?:[- ]scores?)?|f-?scores?|f-measure|au-?roc|auc(?:-roc)?"
    r"|roc-auc|auprc|bleu(?:-\d)?|rouge(?:-\w+)?|m?ap(?:@\d+)?|m?iou|miou|psnr|ssim|ndcg(?:@\d+)?|mrr(?:@\d+)?"
    r"|recall(?:@\d+)?|precision(?:@\d+)?|sensitivity|specificity|correlations?(?:\s+coefficients?)?|r2|r²|dice(?:[- ]scores?)?"
    r"|dice coefficient|dsc|pass@\d+|success rates?|win[- ]rates?|exact match|em|perplexity|ppl|fid|scores?|kappa"
    r"|hit rates?|cider|meteor|mcc|c-index|mae|rmse|mse|pass rates?|completion rates?|solve rates?|resolution rates?"
)
NAMED = rf"(?:top-?\s?[15]\s+)?(?:(?:{_OF_WHAT})\s+)*(?:{_MEASURE})"
