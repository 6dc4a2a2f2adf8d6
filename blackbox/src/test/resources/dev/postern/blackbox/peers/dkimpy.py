"""Signs and checks messages with dkimpy, pyspf and authheaders, which ask one name server.

Arguments: the port of the name server on 127.0.0.1. Every line of standard input is one job, words with tabs between,
messages and keys in base64; every line of standard output is its result.

    sign    MESSAGE SELECTOR DOMAIN ALGORITHM KEY CANONICALIZATION HEADERS LENGTH IDENTITY  ->  the field, in base64
    seal    MESSAGE SELECTOR DOMAIN ALGORITHM KEY         ->  the fields of one more ARC set, in base64
    verify  MESSAGE                                       ->  for each signature, from the top: pass or fail, its d= and a=
    chain   MESSAGE                                       ->  what the chain of ARC sets is worth: none, pass or fail
    check   MESSAGE ADDRESS HELO SENDER                   ->  what an Authentication-Results field would say
    spf     ADDRESS HELO SENDER                           ->  the result of SPF
"""

import base64
import sys

import dns.resolver

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = ["127.0.0.1"]
resolver.port = int(sys.argv[1])
resolver.cache = dns.resolver.LRUCache()
dns.resolver.default_resolver = resolver

import authheaders
import authheaders.dmarc_lookup
import dkim
import spf as pyspf


def organization(domain):
    return ".".join(domain.split(".")[-2:])


# The list of public suffixes, which it would read anew for every question, does not know our "test".
authheaders.get_org_domain = organization
authheaders.dmarc_lookup.get_org_domain = organization


def sign(message, selector, domain, algorithm, key, canonicalization, headers, length, identity):
    header, _, body = canonicalization.partition("/")
    field = dkim.sign(
        base64.b64decode(message),
        selector.encode(),
        domain.encode(),
        base64.b64decode(key),
        canonicalize=(header.encode(), body.encode()),
        signature_algorithm=algorithm.encode(),
        include_headers=[name.encode() for name in headers.split(":")] if headers else None,
        length=length == "length",
        identity=identity.encode() if identity else None,
    )
    return base64.b64encode(field).decode()


def seal(message, selector, domain, algorithm, key):
    """What the chain is worth is written down first: dkimpy seals that."""
    octets = base64.b64decode(message)
    worth = dkim.ARC(octets).verify()[0]
    results = b"Authentication-Results: " + domain.encode() + b"; arc=" + worth + b"; spf=pass smtp.helo=a.test\r\n"
    fields = dkim.arc_sign(
        results + octets,
        selector.encode(),
        domain.encode(),
        base64.b64decode(key),
        domain.encode(),
        signature_algorithm=algorithm.encode(),
    )
    return base64.b64encode(b"".join(fields)).decode()


def verify(message):
    octets = base64.b64decode(message)
    fields, _ = dkim.rfc822_parse(octets)
    count = sum(1 for name, _ in fields if name.lower() == b"dkim-signature")
    results = []
    for index in range(count):
        signature = dkim.DKIM(octets)
        try:
            good = signature.verify(idx=index)
            why = ""
        except dkim.DKIMException as fault:
            good = False
            why = " " + str(fault).partition(" (")[0]
        tags = signature.signature_fields
        claim = tags.get(b"d", b"?").decode() + " " + tags.get(b"a", b"?").decode()
        results.append(("pass " if good else "fail ") + claim + why)
    return "\t".join(results)


def chain(message):
    return dkim.ARC(base64.b64decode(message)).verify()[0].decode()


def check(message, address, helo, sender):
    try:
        field = authheaders.authenticate_message(
            base64.b64decode(message), "dkimpy.test", spf=True, ip=address, mail_from=sender, helo=helo
        )
    except Exception as fault:  # What a record from outside can cause is a result to be compared.
        return "dmarc=crash; " + repr(fault).replace("\n", " ")
    return " ".join(field.split())


def spf(address, helo, sender):
    return pyspf.check2(address, sender, helo)[0]


jobs = {"sign": sign, "seal": seal, "verify": verify, "chain": chain, "check": check, "spf": spf}
for line in sys.stdin:
    words = line.rstrip("\n").split("\t")
    print(jobs[words[0]](*words[1:]))
