/// The word lists of `SafetyFilter`. A trailing `*` stands for any ending.
enum SafetyTerms {
    /// Words for people under age.
    static let minors = [
        "child", "children", "childs", "childhood", "kid", "kids", "minor", "minors", "underage*", "teen", "teens",
        "teenage*", "preteen*", "adolescen*", "juvenile*", "girl", "girls", "boy", "boys", "schoolgirl*", "schoolboy*",
        "youngster*", "pupil*", "toddler*", "daughter*", "niece*", "nephew*", "stepdaughter*", "stepson*",
    ]
    /// Words of infancy, which texts on pregnancy and birth need.
    static let infants = ["baby", "babies", "infant*", "newborn*"]

    /// Terms for sexual acts, depiction and abuse.
    static let explicitSexual = [
        "porn*", "erotic*", "orgasm*", "intercourse", "nude*", "nudity", "naked*", "arous*", "molest*", "incest*",
        "fondl*", "rape", "raped", "rapes", "raping", "rapist*", "pedophil*", "paedophil*", "prostitut*", "stripper*",
        "masturbat*", "penis*", "vagina*", "genital*", "fetish*", "escort*", "brothel*", "sexting", "grooming",
    ]
    /// Terms that clinical and everyday texts use as well.
    static let broadSexual = ["sex", "sexes", "sexual*", "sexy", "lust*", "seduc*", "intimacy", "undress*", "groped"]

    /// Verbs of making and setting off.
    static let making = [
        "make", "making", "build", "building", "assemble", "assembling", "construct", "constructing", "synthesi*",
        "cook", "cooking", "brew", "mix", "mixing", "prepare", "preparing", "manufacture", "manufacturing", "produce",
        "producing", "create", "creating", "write", "writing", "code", "coding", "deploy", "deploying", "detonat*",
        "ignit*", "plant", "planting", "weaponi*", "culture", "culturing", "enrich", "enriching",
    ]
    /// Things whose making is nobody's business here.
    static let dangerous = [
        "bomb", "bombs", "explosive*", "detonator*", "grenade*", "molotov", "ied", "ieds", "thermite", "nitroglycerin*",
        "tatp", "napalm", "sarin", "ricin", "vx", "novichok", "anthrax", "botulin*", "chlorine", "cyanide", "mustard",
        "methamphetamine*", "meth", "heroin", "fentanyl", "cocaine", "lsd", "mdma", "crack", "ransomware", "malware",
        "keylogger*", "botnet*", "rootkit*", "trojan*", "worm", "worms", "virus", "viruses", "exploit", "exploits",
        "phishing", "noose", "poison*", "silencer*", "suppressor*", "counterfeit*", "uranium", "plutonium", "pathogen*",
    ]
    /// Words after a making verb within which the thing must be named.
    static let reach = 6

    /// Words that announce instructions where no list does.
    static let instructionMarkers: Set<String> = [
        "ingredients", "materials", "instructions", "steps", "tutorial", "recipe", "procedure",
    ]
}
