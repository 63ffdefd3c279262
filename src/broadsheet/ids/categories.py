"""The arXiv categories: code and English name, the archives they belong to, and the aliases.

A fact table. Old archives (to 2007, "alg-geom" say) stay what they were: their papers still carry them.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

# Archive, its name, and its categories. The first block is in use, the second one is history.
_TABLE = """
astro-ph Astrophysics
    CO Cosmology and Nongalactic Astrophysics
    EP Earth and Planetary Astrophysics
    GA Astrophysics of Galaxies
    HE High Energy Astrophysical Phenomena
    IM Instrumentation and Methods for Astrophysics
    SR Solar and Stellar Astrophysics
cond-mat Condensed Matter
    dis-nn Disordered Systems and Neural Networks
    mes-hall Mesoscale and Nanoscale Physics
    mtrl-sci Materials Science
    other Other Condensed Matter
    quant-gas Quantum Gases
    soft Soft Condensed Matter
    stat-mech Statistical Mechanics
    str-el Strongly Correlated Electrons
    supr-con Superconductivity
cs Computer Science
    AI Artificial Intelligence
    AR Hardware Architecture
    CC Computational Complexity
    CE Computational Engineering, Finance, and Science
    CG Computational Geometry
    CL Computation and Language
    CR Cryptography and Security
    CV Computer Vision and Pattern Recognition
    CY Computers and Society
    DB Databases
    DC Distributed, Parallel, and Cluster Computing
    DL Digital Libraries
    DM Discrete Mathematics
    DS Data Structures and Algorithms
    ET Emerging Technologies
    FL Formal Languages and Automata Theory
    GL General Literature
    GR Graphics
    GT Computer Science and Game Theory
    HC Human-Computer Interaction
    IR Information Retrieval
    IT Information Theory
    LG Machine Learning
    LO Logic in Computer Science
    MA Multiagent Systems
    MM Multimedia
    MS Mathematical Software
    NA Numerical Analysis
    NE Neural and Evolutionary Computing
    NI Networking and Internet Architecture
    OH Other Computer Science
    OS Operating Systems
    PF Performance
    PL Programming Languages
    RO Robotics
    SC Symbolic Computation
    SD Sound
    SE Software Engineering
    SI Social and Information Networks
    SY Systems and Control
econ Economics
    EM Econometrics
    GN General Economics
    TH Theoretical Economics
eess Electrical Engineering and Systems Science
    AS Audio and Speech Processing
    IV Image and Video Processing
    SP Signal Processing
    SY Systems and Control
gr-qc General Relativity and Quantum Cosmology
hep-ex High Energy Physics - Experiment
hep-lat High Energy Physics - Lattice
hep-ph High Energy Physics - Phenomenology
hep-th High Energy Physics - Theory
math Mathematics
    AC Commutative Algebra
    AG Algebraic Geometry
    AP Analysis of PDEs
    AT Algebraic Topology
    CA Classical Analysis and ODEs
    CO Combinatorics
    CT Category Theory
    CV Complex Variables
    DG Differential Geometry
    DS Dynamical Systems
    FA Functional Analysis
    GM General Mathematics
    GN General Topology
    GR Group Theory
    GT Geometric Topology
    HO History and Overview
    IT Information Theory
    KT K-Theory and Homology
    LO Logic
    MG Metric Geometry
    MP Mathematical Physics
    NA Numerical Analysis
    NT Number Theory
    OA Operator Algebras
    OC Optimization and Control
    PR Probability
    QA Quantum Algebra
    RA Rings and Algebras
    RT Representation Theory
    SG Symplectic Geometry
    SP Spectral Theory
    ST Statistics Theory
math-ph Mathematical Physics
nlin Nonlinear Sciences
    AO Adaptation and Self-Organizing Systems
    CD Chaotic Dynamics
    CG Cellular Automata and Lattice Gases
    PS Pattern Formation and Solitons
    SI Exactly Solvable and Integrable Systems
nucl-ex Nuclear Experiment
nucl-th Nuclear Theory
physics Physics
    acc-ph Accelerator Physics
    ao-ph Atmospheric and Oceanic Physics
    app-ph Applied Physics
    atm-clus Atomic and Molecular Clusters
    atom-ph Atomic Physics
    bio-ph Biological Physics
    chem-ph Chemical Physics
    class-ph Classical Physics
    comp-ph Computational Physics
    data-an Data Analysis, Statistics and Probability
    ed-ph Physics Education
    flu-dyn Fluid Dynamics
    gen-ph General Physics
    geo-ph Geophysics
    hist-ph History and Philosophy of Physics
    ins-det Instrumentation and Detectors
    med-ph Medical Physics
    optics Optics
    plasm-ph Plasma Physics
    pop-ph Popular Physics
    soc-ph Physics and Society
    space-ph Space Physics
q-bio Quantitative Biology
    BM Biomolecules
    CB Cell Behavior
    GN Genomics
    MN Molecular Networks
    NC Neurons and Cognition
    OT Other Quantitative Biology
    PE Populations and Evolution
    QM Quantitative Methods
    SC Subcellular Processes
    TO Tissues and Organs
q-fin Quantitative Finance
    CP Computational Finance
    EC Economics
    GN General Finance
    MF Mathematical Finance
    PM Portfolio Management
    PR Pricing of Securities
    RM Risk Management
    ST Statistical Finance
    TR Trading and Market Microstructure
quant-ph Quantum Physics
stat Statistics
    AP Applications
    CO Computation
    ME Methodology
    ML Machine Learning
    OT Other Statistics
    TH Statistics Theory

acc-phys Accelerator Physics
adap-org Adaptation, Noise, and Self-Organizing Systems
alg-geom Algebraic Geometry
ao-sci Atmospheric-Oceanic Sciences
atom-ph Atomic, Molecular and Optical Physics
bayes-an Bayesian Analysis
chao-dyn Chaotic Dynamics
chem-ph Chemical Physics
cmp-lg Computation and Language
comp-gas Cellular Automata and Lattice Gases
dg-ga Differential Geometry
funct-an Functional Analysis
mtrl-th Materials Theory
patt-sol Pattern Formation and Solitons
plasm-ph Plasma Physics
q-alg Quantum Algebra and Topology
solv-int Exactly Solvable and Integrable Systems
supr-con Superconductivity
"""


def _read(table: str) -> tuple[dict[str, str], dict[str, str]]:
    names: dict[str, str] = {}
    archives: dict[str, str] = {}
    archive = ""
    for line in filter(None, table.splitlines()):
        code, _, name = line.strip().partition(" ")
        if line.startswith(" "):
            names[f"{archive}.{code}"] = name
        else:
            archive = code
            archives[code] = names[code] = name
    return names, archives


_names, _archives = _read(_TABLE)

NAMES: Mapping[str, str] = MappingProxyType(_names)
"""Code to English name: every category, and every archive ("cs", "hep-th", "alg-geom")."""

ARCHIVES: Mapping[str, str] = MappingProxyType(_archives)
"""The archives alone: what stands before the dot, or before the slash of an old identifier."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "math.IT": "cs.IT",
        "math.MP": "math-ph",
        "stat.TH": "math.ST",
        "cs.NA": "math.NA",
        "cs.SY": "eess.SY",
        "q-fin.EC": "econ.GN",
        "acc-phys": "physics.acc-ph",
        "adap-org": "nlin.AO",
        "alg-geom": "math.AG",
        "ao-sci": "physics.ao-ph",
        "atom-ph": "physics.atom-ph",
        "bayes-an": "physics.data-an",
        "chao-dyn": "nlin.CD",
        "chem-ph": "physics.chem-ph",
        "cmp-lg": "cs.CL",
        "comp-gas": "nlin.CG",
        "dg-ga": "math.DG",
        "funct-an": "math.FA",
        "mtrl-th": "cond-mat.mtrl-sci",
        "patt-sol": "nlin.PS",
        "plasm-ph": "physics.plasm-ph",
        "q-alg": "math.QA",
        "solv-int": "nlin.SI",
        "supr-con": "cond-mat.supr-con",
    }
)
"""Categories that are another's second name, and old archives with their successor. Codes are kept as
given; a search for one of a pair may want the other too."""

_BY_FOLDED: Mapping[str, str] = MappingProxyType({code.lower(): code for code in _names})
_SHAPE = re.compile(r"([a-z]{2,}(?:-[a-z]+)*)\.([a-z]{2,}(?:-[a-z]+)*)", re.ASCII | re.IGNORECASE)


def category(text: str) -> str | None:
    """The normal form of a category ("CS.lg" -> "cs.LG"), or None.

    A code that is not in the table is kept when it is shaped like one: arXiv adds categories.
    """
    if text in NAMES:
        return text
    text = text.strip()
    if known := _BY_FOLDED.get(text.lower()):
        return known
    if len(text) <= 30 and (match := _SHAPE.fullmatch(text)):
        return f"{match[1].lower()}.{match[2]}"
    return None
