"""By which words a question that should not be asked is known: regular expressions, matched without regard to case.

Whole words and phrases, so that healthcare, a health and safety rule, a young company, management or an SQL union are
no reason to warn. All languages are looked for in every text: nobody knows for sure in which one it is written.
Curly apostrophes are straight when these are matched.
"""

_WHO = r"(?:\{\w+\}|he|she|they|er|sie|il|elle|él|ella|the candidate)"

WORDS: dict[str, tuple[str, ...]] = {
    "health": (
        r"(?<!public )(?<!occupational )\bhealth\b(?!(?:\s+and|\s*&)\s+safety|[\s-]?care|\s+(?:service|sector|system|"
        r"data|insur|tech|check|econom|worker|professional))",
        r"\b(?:physically|mentally) (?:healthy|fit|unfit)\b",
        r"\b(?:ill|illness|illnesses|unwell|sickness|disease|diseases)\b(?!-)",
        r"\bsick\b(?! of\b)",
        r"\bmedical (?:condition|history|leave|problem|issue|record|reason)s?\b",
        r"\b(?:medication|absenteeism|depression|depressed|burn-?out|burnt out)\b",
        r"\bhow (?:often|many days|much)\b.*\babsent\b",
        r"\b(?:alcohol|drug) (?:problem|abuse|use|habit)s?\b",
        r"\bgesundheit(?:lich\w*|szustand\w*|sproblem\w*)?\b",
        r"\b(?:krank|krankheit\w*|krankgeschrieben\w*|krankschreibung\w*|krankmeldung\w*|krankenstand\w*|erkrank\w*)\b",
        r"\b(?:fehlzeit\w*|fehltage\w*|arbeitsunfähig\w*)",
        r"(?<!secteur de la )(?<!système de )(?<!domaine de la )(?<!professionnels de )\bsanté\b"
        r"(?! et (?:la )?sécurité| publique| au travail)",
        r"\b(?:malade|malades|maladie|maladies|maladif|maladive|absentéisme)\b",
        r"\barrêts? de travail\b",
        r"(?<!sector de la )(?<!sistema de )(?<!centro de )\bsalud\b(?! y seguridad| laboral| pública)",
        r"\b(?:enferm[oa]s?|enfermedad|enfermedades|absentismo)\b",
        r"\bbajas? (?:médicas?|laboral|laborales|por enfermedad)\b",
    ),
    "disability": (
        r"\b(?:disability|disabilities|wheelchair|special needs|handicap|handicapped|handicapée?s?|handicaps)\b",
        r"\bdisabled (?:person|people|candidate|colleague)",
        rf"\b(?:is|was|are|were) {_WHO} disabled\b",
        r"\b(?:behinderung|behinderungen|schwerbehinder\w*)\b",
        r"\binvalidité\b",
        r"\b(?:discapacidad\w*|minusvalía\w*|minusválid\w*)",
    ),
    "family": (
        r"\b(?:pregnan\w+|maternity|paternity|parental leave|marital status|married|divorced|husband|wife|spouse)\b",
        r"\b(?:have|has|had|having|wants?|plan\w*|expect\w*)\b(?: \w+){0,3} (?:children|kids|a baby|a family)\b",
        r"\bfamily (?:situation|status|plan|life|commitment|circumstance|problem|matter|planning)s?\b",
        r"\b(?:single (?:parent|mother|father)|childcare (?:arrangement|commitment|problem|dut)\w*)",
        r"\b(?:schwanger\w*|mutterschutz|elternzeit|kinderwunsch\w*|verheiratet|geschieden|alleinerziehend\w*)\b",
        r"\b(?:ehemann\w*|ehefrau\w*|ehepartner\w*|familienstand\w*|familienplan\w*|familienverhältnis\w*)\b",
        r"\bfamiliäre[nrs]? (?:situation|verpflichtung|umständ|verhältnis|problem)",
        r"\b(?:hat|haben|hatte|plant|will|möchte)\b(?: \S+){0,3} kinder\b",
        r"\b(?:est|était|être|tomb\w+)(?:-elle)? enceinte\b",
        r"\b(?:grossesse|grossesses|mariée?s?|divorcée?s?|épou(?:x|se)|vie de famille|vie familiale)\b",
        r"\b(?:congés? (?:de )?(?:maternité|paternité|parental)|situation (?:familiale|de famille))",
        r"\b(?:a|avoir|veut|désire|souhaite)(?:-t-(?:il|elle))?(?: \S+){0,2} enfants\b",
        r"\b(?:embaraz(?:o|os|ada|adas)|estado civil|casad[oa]s?|divorciad[oa]s?|marido|espos[oa]s?)\b",
        r"\b(?:baja|permiso) (?:de |por )?(?:maternidad|paternidad|parental)\b",
        r"\b(?:tiene|tener|quiere|planea)(?: \S+){0,2} hijos\b",
        r"\b(?:situación|vida|cargas) familiar(?:es)?\b",
    ),
    "age": (
        rf"\bhow old (?:is|was|are|were) {_WHO}",
        r"(?<!day and )\bage\b(?! of the\b|-old\b)",
        r"\b(?:years old|date of birth|birthday|too old|too young|young enough|older worker)\b",
        r"\b(?:close to|near|nearing|before|until|approaching|plan\w* to) retire(?:ment)?\b",
        r"\b(?:retirement|retiring) age\b",
        rf"\bwie alt (?:ist|war|sind) {_WHO}",
        r"(?-i:\bAlter\b)(?! ego)",
        r"\b(?:altersgruppe|geburtsdatum\w*|geburtstag\w*|geburtsjahr\w*|rentenalter\w*|zu alt|zu jung)\b",
        r"\b(?:in rente|in den ruhestand|vor dem ruhestand|vor der rente)\b",
        r"\b(?:quel âge|âgée?s?|date de naissance|trop (?:vieux|vieille|jeune))\b",
        r"\bâge\b(?! d'or)",
        r"\b(?:départ|partir|proche|près) (?:à|de) la retraite\b",
        r"\bedad\b(?! media| de oro)",
        r"\b(?:cuántos años tiene|fecha de nacimiento|demasiado (?:viej[oa]|joven)|jubilar(?:se|á)|jubilación)\b",
    ),
    "religion": (
        r"\b(?:religion|religions|religious|faiths?(?! in\b)|mosque|synagogue|christianity|muslim|muslims|jewish|hijab|"
        r"ramadan|atheist)\b(?<!good faith)(?<!bad faith)",
        r"\b(?:goes|go|going) to church\b",
        r"\b(?:religiöse?[nrsm]?|konfession\w*|moschee\w*|synagoge\w*|kopftuch\w*|gläubige?[nsr]?\b(?<!gläubiger))\b",
        r"\b(?:in die kirche|kirchenmitglied\w*)\b",
        r"\b(?:religieux|religieuses?|mosquée|croyante?s?|croyances?|va à l'église)\b",
        r"\b(?:religión|religios[oa]s?|mezquita|creyentes?|creencias|va a la iglesia)\b",
    ),
    "union": (
        r"\b(?:trade|labou?r) unions?\b",
        r"\bunion (?:member|membership|rep|representative|activit\w+|official)s?\b",
        r"\b(?:in|joined?|belong\w* to|member of) (?:a|the|any) union\b",
        r"\b(?:unioni[sz]ed|works council)\b",
        r"\b(?:on strike|part in (?:a |any )?strikes?)\b",
        r"\b(?:gewerkschaft\w*|betriebsrat\w*|betriebsrät\w*|gestreikt|streikteilnahme)\b",
        r"\b(?:syndicats?|syndicale?s?|syndicaux|syndicalistes?|syndiquée?s?|comité d'entreprise)\b",
        r"\b(?:faire|fait|en) grève\b",
        r"\b(?:sindicatos?|sindical|sindicales|sindicalistas?|sindicad[oa]s?|comité de empresa|huelgas?)\b",
    ),
    "pay": (
        r"\b(?:salary|salaries|wage|wages|remuneration|bonus|bonuses)\b",
        r"\bpay (?:history|rise|raise|slip|level|grade|packet|package)s?\b",
        r"\bcompensation (?:history|package|level)s?\b",
        rf"\bhow much (?:did|does|do|was|is|were) {_WHO} (?:earn\w*|paid|make|get paid)\b",
        r"\bhow (?:well|much) (?:was|is) \S+ paid\b",
        r"\b(?:gehalt|gehalts\w*|gehälter\w*|lohn|löhne|stundenlohn\w*|monatslohn\w*|vergütung\w*|einkommen\w*)\b",
        r"\bwie ?viel (?:verdien\w+|hat \S+ verdient)\b",
        r"\b(?:salaires?|rémunérations?|fiches? de paie)\b",
        r"\bcombien (?:gagn|touch)\w+",
        r"\b(?:salarios?|sueldos?|remuneraci\w+|retribuci\w+|nómina)\b",
        r"\bcuánto (?:gan|cobr)\w+",
    ),
    "origin": (
        r"\b(?:nationality|nationalities|ethnic|ethnicity|racial|citizenship|native (?:speaker|tongue|language)|"
        r"mother tongue|foreign accent)\b",
        r"\b(?:what|which|whose|his|her|their) race\b(?! condition)",
        r"\b(?:country|place) of (?:birth|origin)\b",
        r"\bskin colou?r\b|\b(?:an? immigrant|migration background)\b",
        rf"\bwhere (?:is|does|did|was|were) {_WHO} (?:from|come from|born)\b",
        r"\b(?:nationalität\w*|staatsangehörigkeit\w*|staatsbürgerschaft\w*|herkunftsland\w*|ethnisch\w*)\b",
        r"\b(?:ihrer?|seiner?|welcher|soziale[rn]?) herkunft\b",
        r"\b(?:muttersprach\w+|migrationshintergrund\w*|hautfarbe\w*)",
        rf"\bwoher (?:kommt|stammt) {_WHO}",
        r"\b(?:nationalité|ethniques?|langue maternelle|pays d'origine|couleur de (?:la )?peau|immigrée?s?)\b",
        rf"\bd'où vient(?:-| ){_WHO}",
        r"\b(?:nacionalidad|étnic[oa]s?|lengua materna|país de origen|color de (?:la )?piel|inmigrantes?)\b",
        rf"\bde dónde es {_WHO}",
    ),
    "orientation": (
        r"\b(?:sexual orientation|sexuality|gay|lesbian|bisexual|homosexual|transgender|gender identity|lgbt\w*)\b",
        r"\bsexuelle[nr]? (?:orientierung|identität|neigung)|\b(?:schwul|lesbisch|homosexuell\w*)\b",
        r"\b(?:orientation sexuelle|homosexuel\w*|lesbienne|vie sexuelle)\b",
        r"\b(?:orientación sexual|homosexual|lesbiana|vida sexual)\b",
    ),
    "politics": (
        r"\bpolitical(?:ly)? (?:view|opinion|belief|affiliation|activit|active|conviction|leaning|part)\w*",
        r"(?<!office )(?<!internal )(?<!company )\bpolitics\b",
        rf"\b(?:did|does|do) {_WHO} vote\b",
        r"\b(?:which|what|a) (?:political )?party member|\bmember of (?:a|any) party\b",
        r"\bpolitische[nrsm]? (?:meinung|ansicht|einstellung|haltung|überzeugung|gesinnung|engagement)\w*",
        r"\bpolitisch (?:aktiv|engagiert)\b|\bpartei(?:mitglied|buch|zugehörigkeit)\w*",
        r"\b(?:opinions?|convictions?|idées|engagements?) politiques?\b|\bparti politique\b",
        r"\b(?:opini(?:ón|ones)|ideas|ideología) políticas?\b|\bpartido político\b",
    ),
    "crime": (
        r"\bcriminal (?:record|conviction|past|history|offen[cs]e)s?\b",
        r"\b(?:convicted|arrested|prison|police record|(?:any|previous|prior|spent) convictions?)\b",
        r"\b(?:vorstrafe\w*|vorbestraft\w*|führungszeugnis\w*|haftstrafe\w*|gefängnis\w*)\b",
        r"\b(?:casier judiciaire|antécédents judiciaires|condamnée?s? pour|condamnations?)\b",
        r"\b(?:antecedentes penales|condenad[oa]s? por|condenas? penal(?:es)?|cárcel)\b",
    ),
}

# A sentence with one of these asks for the opposite.
LEAVING_OUT = (
    r"\bleave out\b|\b(?:do not|don't|never) (?:write|mention|tell|say|include|give)\b|\bnothing about\b|\bomit\b",
    r"\blassen sie\b.*\b(?:weg|aus|beiseite)\b|\bweglassen\b|\bnichts (?:über|zu)\b|\bkeine angaben\b|\bohne angaben\b",
    r"\blaissez de côté\b|\bne (?:pas )?(?:mentionn|parl|dites|dire|écri|évoqu)\w*|\bsans parler\b|\bomett\w+",
    r"\bdej\w+ (?:de lado|fuera|aparte)\b|\bno (?:mencione|escriba|hable|incluya|diga)\w*\b|\bomit[ae]\w*\b",
)
