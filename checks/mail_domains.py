"""Which mail addresses say nothing about where somebody works.

Two short lists, kept by hand: the large providers of the world where anybody gets an address for nothing, and the
best known of those whose addresses last for minutes. They are no register: thousands are missing, and an address that
is on neither list is no proof of anything. So what is found here is a hint for a reader, and never a wall.
"""

_FREE = """
gmail.com googlemail.com
outlook.com outlook.de outlook.fr outlook.es outlook.it outlook.jp outlook.co.id outlook.com.br outlook.com.au
hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.es hotmail.it hotmail.nl hotmail.be hotmail.se
hotmail.com.br hotmail.com.ar hotmail.com.mx live.com live.co.uk live.de live.fr live.it live.nl live.be live.se
live.dk live.no live.com.au live.com.mx live.ca msn.com windowslive.com passport.com
yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.ie yahoo.gr yahoo.se yahoo.ca yahoo.com.br
yahoo.com.ar yahoo.com.mx yahoo.com.au yahoo.co.nz yahoo.co.in yahoo.in yahoo.co.id yahoo.co.jp yahoo.com.ph
yahoo.com.sg yahoo.com.hk yahoo.com.tw yahoo.com.vn yahoo.com.tr yahoo.ro yahoo.pl ymail.com rocketmail.com
aol.com aol.co.uk aol.de aol.fr aim.com icloud.com me.com mac.com
proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.com tuta.io keemail.me
fastmail.com fastmail.fm hey.com hushmail.com zoho.com zohomail.com zohomail.eu mailfence.com runbox.com
disroot.org riseup.net mailbox.org posteo.de posteo.net kolabnow.com
gmx.com gmx.de gmx.net gmx.at gmx.ch gmx.co.uk gmx.us gmx.fr gmx.es mail.com email.com usa.com post.com
web.de freenet.de t-online.de arcor.de online.de vodafone.de kabelmail.de email.de
bluewin.ch hispeed.ch sunrise.ch chello.at aon.at a1.net
orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr aliceadsl.fr club-internet.fr
telefonica.net terra.es ono.com libero.it virgilio.it tiscali.it alice.it tin.it inwind.it iol.it email.it
btinternet.com btopenworld.com sky.com talktalk.net ntlworld.com virginmedia.com blueyonder.co.uk plus.net
tiscali.co.uk eircom.net
ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl hetnet.nl casema.nl telenet.be skynet.be proximus.be
telia.com bredband.net spray.se online.no getmail.no mail.dk stofanet.dk elisanet.fi kolumbus.fi luukku.com
wp.pl o2.pl onet.pl interia.pl op.pl gazeta.pl poczta.fm seznam.cz email.cz centrum.cz volny.cz post.cz azet.sk
centrum.sk zoznam.sk freemail.hu citromail.hu abv.bg mail.bg siol.net inbox.lv inbox.lt mail.ee
sapo.pt iol.pt otenet.gr in.gr mynet.com
mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net i.ua meta.ua tut.by
comcast.net xfinity.com verizon.net att.net sbcglobal.net bellsouth.net pacbell.net ameritech.net cox.net
charter.net spectrum.net rr.com roadrunner.com optonline.net earthlink.net mindspring.com juno.com netzero.net
frontier.com frontiernet.net windstream.net centurylink.net q.com embarqmail.com suddenlink.net
rogers.com shaw.ca bell.net sympatico.ca telus.net videotron.ca cogeco.ca
uol.com.br bol.com.br terra.com.br ig.com.br globo.com oi.com.br r7.com
prodigy.net.mx fibertel.com.ar speedy.com.ar
bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au westnet.com.au xtra.co.nz
rediffmail.com sify.com indiatimes.com
qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com tom.com 139.com 189.cn aliyun.com 21cn.com
naver.com daum.net hanmail.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com
excite.co.jp goo.jp hinet.net pchome.com.tw seed.net.tw singnet.com.sg
walla.co.il walla.com netvision.net.il bezeqint.net maktoob.com emirates.net.ae
mweb.co.za webmail.co.za telkomsa.net vodamail.co.za lantic.net
duck.com privaterelay.appleid.com mozmail.com simplelogin.com anonaddy.me passmail.net
"""

_THROWAWAY = """
mailinator.com mailinator.net guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.biz
guerrillamail.de guerrillamailblock.com grr.la sharklasers.com pokemail.net spam4.me
10minutemail.com 10minutemail.net 10minutemail.co.uk 10minemail.com 20minutemail.com 20minutemail.it
10mail.org 30minutemail.com 33mail.com minutemail.com minuteinbox.com
temp-mail.org temp-mail.io temp-mail.com tempmail.com tempmail.net tempmail.de tempmail.plus tempmail.dev
tempmailo.com tempmailaddress.com tempail.com tempinbox.com tempr.email temporary-mail.net temporarymail.com
tmpmail.org tmpmail.net tmail.ws tmails.net moakt.com moakt.cc moakt.ws
yopmail.com yopmail.fr yopmail.net cool.fr.nf jetable.fr.nf nospam.ze.tm nomail.xl.cx mega.zik.dj
throwawaymail.com throwaway.email throwam.com trashmail.com trashmail.de trashmail.net trashmail.me
trash-mail.com trash-mail.de wegwerfmail.de wegwerfmail.net wegwerfmail.org wegwerfemail.de einrot.com
cuvox.de dayrep.com armyspy.com fleckens.hu gustr.com jourrapide.com rhyta.com superrito.com teleworm.us
fakeinbox.com fakemail.net fakemailgenerator.com email-fake.com emailfake.com generator.email
getnada.com nada.email inboxkitten.com inboxbear.com maildrop.cc mailnesia.com mailnull.com mailcatch.com
mailexpire.com mailmoat.com mailsac.com mailpoof.com mailtemp.net mail-temp.com mailtm.com mail.tm mail.gw
mohmal.com mohmal.in discard.email discardmail.com discardmail.de dispostable.com disposableaddress.com
dropmail.me emltmp.com emlpro.com emlhub.com 10mail.tk spambog.com spambog.de spambox.us spamgourmet.com
spamex.com spamfree24.org spamdecoy.net spamherelots.com mytrashmail.com mt2015.com mintemail.com
incognitomail.org anonbox.net anonymbox.com burnermail.io byom.de crazymailing.com deadaddress.com
despam.it e4ward.com emailondeck.com emailsensei.com emailtemporanea.com ephemail.net filzmail.com
getairmail.com harakirimail.com hidemail.de instant-mail.de jetable.org kasmail.com luxusmail.org
meltmail.com nowmymail.com objectmail.com owlymail.com proxymail.eu rcpt.at shieldemail.com sofort-mail.de
sogetthis.com tafmail.com thankyou2010.com tyldd.com uroid.com vomoto.com wuzup.net xagloo.com zetmail.com
1secmail.com 1secmail.net 1secmail.org esiix.com wwjmp.com vjuum.com laafd.com txcct.com
"""

FREE, THROWAWAY = frozenset(_FREE.split()), frozenset(_THROWAWAY.split())


def is_free(email: str) -> bool:
    """Whether anybody gets such an address for nothing, as far as we know."""
    return _is_in(FREE, email)


def is_throwaway(email: str) -> bool:
    """Whether it is an address for an hour, as far as we know."""
    return _is_in(THROWAWAY, email)


def domain_of(email: str) -> str:
    """In lower case, without a dot at the end; empty where there is none."""
    return email.rpartition("@")[2].strip().rstrip(".").lower() if "@" in email else ""


def _is_in(domains: frozenset[str], email: str) -> bool:
    """The domain itself or one above it: providers give out subdomains, too."""
    parts = domain_of(email).split(".")
    return any(".".join(parts[place:]) in domains for place in range(len(parts) - 1))
