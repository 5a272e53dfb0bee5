"""Sister cases of each kind of wrong verdict: other countries, roles, categories of data and dates than the first ones.

Each kind is tried on thirty cases at least, judged by the flagship as it ships on what is established.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import combinations, product

from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement

Facts = dict[str, str]
Case = tuple[Facts, date, Collection[str]]
"""Facts, a reference date and the verdicts that would be right."""

NOW = date(2026, 11, 30)
MINIMUM = 30
"""Cases of each kind at least."""
CATEGORIES = ("personal", "special_category", "health", "state_sensitive")
SENSITIVE = CATEGORIES[1:]
THIRD = ("US", "CN", "IN", "RU", "AE")
ADEQUATE = ("CH", "GB", "JP", "KR", "NZ", "AR", "IL", "UY", "AD", "FO", "GG", "IM", "JE", "BR")
MEMBERS = ("FR", "DE", "NL", "IE", "NO")
NO_REACH = {"us_law_reach": "none", "other_third_country_reach": "none"}
AT_HOME = {"transfers": "none", "remote_access_from_third_country": "none", "storage_location": "eu"}
READABLE = {"key_holder": "provider", "provider_needs_cleartext": "yes"}
KEYS_OUT = {"encryption_at_rest": "client_side", "key_holder": "customer_only", "provider_needs_cleartext": "no"}
QUALIFIED = {"immunity_qualification": "secnumcloud", "secnumcloud_version": "v3_2"}
CONTENT = (
    {"transfers": "content"},
    {"remote_access_from_third_country": "content"},
    {"storage_location": "third_country"},
)
UNDER_SCOPE = {"health_hosting_scope": "within_l1111_8"}


def judged(flagship: Edition, facts: Facts, day: date = NOW) -> Judgement:
    return judge(flagship, {key: Answer.of(value) for key, value in facts.items()}, day)


def hosted_by(member: str) -> Facts:
    """An offer of a company of the Union or the area, by the head company of the same country."""
    return {"contracting_entity_country": member, "ultimate_parent_country": member}


def owned_from(country: str, member: str = "IE") -> Facts:
    """An offer of a company of the Union whose head company is in ``country``."""
    reach = "us_law_reach" if country == "US" else "other_third_country_reach"
    other = {} if country == "US" else {"us_law_reach": "none"}
    return {
        "contracting_entity_country": member,
        "ultimate_parent_country": country,
        reach: "through_parent",
        **other,
    }


def tried(flagship: Edition, cases: Iterable[Case]) -> None:
    """Fails on each case judged otherwise, with its facts; and on a kind tried too little."""
    every = list(cases)
    assert len(every) >= MINIMUM
    wrong = [
        (found, sorted(right), day.isoformat(), facts)
        for facts, day, right in every
        if (found := judged(flagship, facts, day).established.key) not in right
    ]
    assert wrong == []


def test_a_hosting_subcontractor_exposes_whatever_its_country(flagship: Edition) -> None:
    """Also where the head company is of the Union, the data ordinary, the keys handed over or not."""
    reaches = ("us_law_reach", "other_third_country_reach")
    readable = {"key_holder": "provider"}, {"provider_needs_cleartext": "yes"}, READABLE
    through = {"subcontractor_access": "hosts_or_reads_content"}
    tried(
        flagship,
        (
            ({**NO_REACH, **hosted_by(member), **through, reach: "through_subcontractor", "data_category": category,
              **keys}, NOW, {"transition_only"})
            for member, reach, category, keys in product(MEMBERS[:3], reaches, CATEGORIES[:3], readable)
        ),
    )  # fmt: skip


def test_an_accessory_subcontractor_leaves_conditional(flagship: Edition) -> None:
    accesses, categories = ("technical_data_only", "none"), CATEGORIES[:3]
    tried(
        flagship,
        (
            ({**NO_REACH, **hosted_by(member), **READABLE, "us_law_reach": "through_subcontractor",
              "subcontractor_access": access, "data_category": category}, NOW, {"conditional"})
            for member, access, category in product(MEMBERS, accesses, categories)
        ),
    )  # fmt: skip


def test_what_can_be_cut_off_is_never_sovereign(flagship: Edition) -> None:
    cut = {"autonomous_operation": "dependent"}, {"suspension_exposure": "full"}
    shown = QUALIFIED, {"immunity_qualification": "self_operated"}, KEYS_OUT
    tried(
        flagship,
        (
            ({**NO_REACH, **AT_HOME, **hosted_by(member), **how, **harm, "data_category": "personal"}, NOW,
             {"acceptable"})
            for member, how, harm in product(MEMBERS, shown, cut)
        ),
    )  # fmt: skip


def test_a_duty_on_health_data_not_shown_is_never_sovereign(flagship: Edition) -> None:
    expected = {"": "acceptable", "in_progress": "conditional", "none": "unacceptable", "certified": "sovereign"}
    days = (date(2022, 4, 1), date(2024, 1, 1), NOW)
    tried(
        flagship,
        (
            ({**NO_REACH, **AT_HOME, **hosted_by(member), **QUALIFIED, **UNDER_SCOPE, "data_category": "health",
              **({"hds_certification": certificate} if certificate else {})}, day, {verdict})
            for member, day, (certificate, verdict) in product(MEMBERS[:3], days, expected.items())
        ),
    )  # fmt: skip


def test_health_data_hosted_by_their_own_body_need_no_certificate(flagship: Edition) -> None:
    """Article L. 1111-8 is about hosting for others."""
    certificates, days = ("none", "in_progress", "certified"), (date(2019, 1, 1), NOW)
    keys: tuple[Facts, ...] = ({}, READABLE, KEYS_OUT)
    tried(
        flagship,
        (
            ({**AT_HOME, **NO_REACH, "immunity_qualification": "self_operated", "data_category": "health",
              "hds_certification": certificate, **scope, **held}, day, {"sovereign"})
            for certificate, day, scope, held in product(certificates, days, ({}, UNDER_SCOPE), keys)
        ),
    )  # fmt: skip


def test_health_data_outside_the_hosting_rules_are_judged_as_other_sensitive_data(flagship: Edition) -> None:
    outside = {"data_category": "health", "health_hosting_scope": "outside"}
    certificates = ("none", "in_progress", "certified")
    hosts = [{**NO_REACH, **AT_HOME, **hosted_by(member)} for member in MEMBERS]
    hosts += [{**owned_from(c), **READABLE} for c in ("US", "CN")] + [{**hosted_by("CH"), "storage_country": "CH"}]
    hosts += [{**owned_from("US"), **KEYS_OUT}, {**NO_REACH, **hosted_by("FR"), "storage_country": "JP"}]
    alike = [{**host, "data_category": "special_category"} for host in hosts]
    tried(
        flagship,
        (
            ({**host, **outside, "hds_certification": certificate}, NOW, {judged(flagship, other).established.key})
            for (host, other), certificate in product(zip(hosts, alike, strict=True), certificates)
        ),
    )  # fmt: skip


def test_an_adequate_head_company_leaves_conditional_and_another_third_country_does_not(flagship: Edition) -> None:
    adequate = product(ADEQUATE, CATEGORIES[:3], [{"conditional"}])
    others = product(("CN", "IN", "RU", "AE", "TR", "VN"), CATEGORIES[:3], [{"transition_only"}])
    tried(
        flagship,
        (
            ({**owned_from(country, "FR"), **READABLE, "data_category": category}, NOW, right)
            for country, category, right in (*adequate, *others)
        ),
    )


def test_an_adequate_provider_is_exposed_to_its_own_law_only(flagship: Edition) -> None:
    """Silence on the law of the United States adds nothing to an exposure that an adequacy decision excuses."""
    stored = {"storage_location": "adequate_third_country"}, {}
    tried(
        flagship,
        (
            ({**hosted_by(country), **where, "data_category": category}, NOW, {"conditional"})
            for country, where, category in product(ADEQUATE, stored, ("personal", "special_category"))
        ),
    )


def test_an_adequate_company_of_another_group_is_judged_by_the_group(flagship: Edition) -> None:
    groups = ("CN", "RU", "IN", "AE")
    one_way = product(ADEQUATE[:4], groups, ("personal", "health"))
    other_way = product(groups, ADEQUATE[:4], ("personal", "health"))
    tried(
        flagship,
        (
            ({"contracting_entity_country": company, "ultimate_parent_country": parent, "us_law_reach": "none",
              "data_category": category, **READABLE}, NOW, {"transition_only"})
            for company, parent, category in (*one_way, *other_way)
        ),
    )  # fmt: skip


def test_adequacy_counts_from_its_first_day_to_its_last(flagship: Edition) -> None:
    first = {"CH": "2000-07-26", "CA": "2001-12-20", "AR": "2003-06-30", "GG": "2003-11-21", "IM": "2004-04-28",
             "JE": "2008-05-08", "FO": "2010-03-05", "AD": "2010-10-19", "IL": "2011-01-31", "UY": "2012-08-21",
             "NZ": "2012-12-19", "JP": "2019-01-23", "KR": "2021-12-17", "BR": "2026-01-26"}  # fmt: skip
    days = [(country, date.fromisoformat(day)) for country, day in first.items()]
    sent = {"data_category": "personal", "transfers": "content", "transfer_tool": "adequacy"}
    before = [(country, date.fromordinal(day.toordinal() - 1), {"unacceptable"}) for country, day in days]
    since = [(country, day, {"conditional"}) for country, day in days]
    last = [("GB", date(2031, 12, 26), {"conditional"}), ("GB", date(2031, 12, 28), {"unacceptable"})]
    tried(
        flagship,
        (
            ({**sent, **hosted_by(country), "transfer_destination": country}, day, right)
            for country, day, right in (*before, *since, *last)
        ),
    )


def test_a_decision_on_the_country_stands_in_the_place_of_a_tool(flagship: Edition) -> None:
    """Whatever was said of a tool, and where nothing was."""
    tools: tuple[Facts, ...] = ({}, {"transfer_tool": "none"}, {"transfer_tool": "scc"}, {"transfer_tool": "adequacy"})
    adequate = (
        ({**hosted_by(country), **tool, **sent, "transfer_destination": country, "data_category": "personal"}, NOW,
         {"conditional"})
        for country, tool, sent in product(ADEQUATE[:5], tools, CONTENT)
    )  # fmt: skip
    bridge = (
        ({**hosted_by("GB"), **tool, **sent, "transfer_destination": "GB", "data_category": "personal"},
         date(2021, 3, 1), {"conditional"})
        for tool, sent in product(tools, CONTENT[:2])
    )  # fmt: skip
    tried(flagship, (*adequate, *bridge))


def test_the_frameworks_cover_the_united_states_on_their_dates(flagship: Edition) -> None:
    shield, framework = "privacy_shield", "data_privacy_framework"
    dated = [
        (shield, date(2016, 7, 11), False), (shield, date(2016, 7, 12), True), (shield, date(2020, 7, 15), True),
        (shield, date(2020, 7, 16), False), (shield, date(2024, 1, 1), False), (framework, date(2023, 7, 9), False),
        (framework, date(2023, 7, 10), True), (framework, NOW, True),
    ]  # fmt: skip
    regimes = ("gdpr", "eu_body", "gdpr_and_finance", "gdpr_and_essential_entity")
    american = {"ultimate_parent_country": "US", "us_law_reach": "direct", "data_category": "personal"}
    there = (
        ({**american, **READABLE, "applicable_regime": regime, "transfers": "content", "transfer_tool": tool,
          "transfer_destination": "US"}, day, {"conditional"} if counts else {"unacceptable"})
        for (tool, day, counts), regime in product(dated, regimes)
    )  # fmt: skip
    elsewhere = (
        ({"data_category": category, "transfers": "content", "transfer_tool": tool, "transfer_destination": country},
         day, {"unacceptable"})
        for category, (tool, day), country in product(
            CATEGORIES[:3], ((shield, date(2018, 6, 1)), (framework, NOW)), ("IN", "CN"))
    )  # fmt: skip
    tried(flagship, (*there, *elsewhere))


def test_clauses_without_a_technical_measure_are_never_enough(flagship: Edition) -> None:
    tools = ("scc", "scc_supplementary", "bcr")
    tried(
        flagship,
        (
            ({"data_category": category, **sent, "transfer_tool": tool, "transfer_destination": country}, day,
             {"unacceptable"})
            for category, tool, country, sent, day in product(
                CATEGORIES[:3], tools, THIRD[:3], CONTENT[:2], (date(2020, 7, 16), NOW))
        ),
    )  # fmt: skip


def test_the_use_cases_of_the_edpb_that_work_leave_conditional(flagship: Edition) -> None:
    """Recommendations 01/2020: use cases 1 and 3 (keys at the exporter) and 2 (pseudonymisation it alone undoes)."""
    measures = KEYS_OUT, {"pseudonymisation": "by_controller"}, {"pseudonymisation": "multiple_independent"}
    documented = {"transfer_impact_assessment": "documented"}
    tried(
        flagship,
        (
            ({"data_category": category, "health_hosting_scope": "outside", "transfers": "content",
              "transfer_tool": "scc", "transfer_destination": country, **documented, **measure}, NOW, {"conditional"})
            for category, country, measure in product(CATEGORIES[:3], THIRD, measures)
        ),
    )  # fmt: skip


def test_the_use_cases_of_the_edpb_that_do_not_work_are_unacceptable(flagship: Edition) -> None:
    """Use cases 6 and 7: a provider, or a group, that needs the data unencrypted; every other measure taken."""
    measures = {"processor_contract": "complete", "dpia": "approved", "transfer_impact_assessment": "documented",
                "disclosure_commitment": "contest_and_notify", "provider_own_purposes": "none"}  # fmt: skip
    cases = {"transfers": "content"}, {"remote_access_from_third_country": "content", "pseudonymisation": "none"}
    tried(
        flagship,
        (
            ({**measures, **sent, "provider_needs_cleartext": "yes", "data_category": category, "transfer_tool": tool,
              "transfer_destination": country}, date(2023, 1, 1), {"unacceptable"})
            for category, tool, country, sent in product(CATEGORIES[:3], ("scc_supplementary", "bcr"), THIRD[:3], cases)
        ),
    )  # fmt: skip


TOGETHER: tuple[Facts, ...] = (
    {"processor_contract": "complete"}, {"dpia": "approved"}, {"transfer_impact_assessment": "documented"},
    {"disclosure_commitment": "contest_and_notify"}, {"retention": "under_3_months"},
    {"provider_own_purposes": "none"}, {"transfer_tool": "scc_supplementary"},
)  # fmt: skip


def test_measures_count_together_and_never_alone(flagship: Edition) -> None:
    def hosted(country: str, category: str, measures: Iterable[Facts]) -> Facts:
        host = {**owned_from(country), "storage_location": "eu", "data_category": category}
        return host | {key: value for each in measures for key, value in each.items()}

    alone = ((hosted(c, k, [m]), NOW, {"transition_only"}) for c, k, m in product(THIRD[:2], CATEGORIES[:3], TOGETHER))
    two = ((hosted("US", "personal", pair), NOW, {"conditional"}) for pair in combinations(TOGETHER, 2))
    not_enough = ((hosted("CN", "health", pair), NOW, {"transition_only"}) for pair in combinations(TOGETHER, 2))
    three = ((hosted("US", "special_category", each), NOW, {"conditional"}) for each in combinations(TOGETHER, 3))
    read = (
        (hosted("US", category, [*each, READABLE]), NOW, {"transition_only"})
        for category, each in product(SENSITIVE[:2], combinations(TOGETHER, 3))
    )
    tried(flagship, (*alone, *two, *not_enough, *three, *read))


def test_no_assessment_is_due_where_no_clause_is_relied_on(flagship: Edition) -> None:
    tools = [("derogation", country) for country in ("IN", "CN", "RU", "AE")]
    tools += [("adequacy", country) for country in ADEQUATE[:5]] + [("data_privacy_framework", "US")]
    tried(
        flagship,
        (
            ({**NO_REACH, **hosted_by("FR"), "data_category": category, "transfers": "technical_data_only",
              "transfer_tool": tool, "transfer_destination": country, "transfer_impact_assessment": "none"}, NOW,
             {"conditional"})
            for (tool, country), category in product(tools, CATEGORIES[:3])
        ),
    )  # fmt: skip


def test_article_31_binds_what_its_own_test_found(flagship: Edition) -> None:
    """Silence on immunity shows none; what is not of the State, not tested so, or of before the Act is not bound."""
    found = {"controller_status": "state_or_operator", "art31_analysis": "particularly_sensitive"}
    unqualified: tuple[Facts, ...] = ({}, {"immunity_qualification": "none"}, {"immunity_qualification": "hds"},
                                      {"immunity_qualification": "secnumcloud_in_progress"})  # fmt: skip
    bound = (
        ({**owned_from(c), **KEYS_OUT, **found, **q, "data_category": k}, NOW, {"transition_only"})
        for c, k, q in product(("US", "CN", "CH"), CATEGORIES[:3], unqualified)
    )
    others = ({"controller_status": "private"}, {"controller_status": "public_body"},
              {**found, "art31_analysis": "not_particularly_sensitive"})  # fmt: skip
    free = (
        ({**owned_from(c), **KEYS_OUT, **o, "data_category": k, "immunity_qualification": "none"}, NOW, {"conditional"})
        for c, k, o in product(("US", "CN", "CH"), ("personal", "special_category"), others)
    )
    earlier = (
        ({**owned_from("US"), **KEYS_OUT, **found, **q, "data_category": k}, date(2024, 5, 22), {"conditional"})
        for k, q in product(CATEGORIES[:3], unqualified)
    )
    tried(flagship, (*bound, *free, *earlier))


def test_no_single_fact_reads_as_good(flagship: Edition) -> None:
    good = [
        {key: value} for key in flagship.questions for value, option in flagship.questions[key].options.items()
        if option.level == 4 and key not in ("immunity_qualification", "us_law_reach")
    ]  # fmt: skip
    assert len(good) > 2 * MINIMUM / 3
    below = {"conditional", "transition_only", "unacceptable"}
    tried(
        flagship,
        (
            ({**one, **hosted_by(member), "data_category": category}, NOW, below)
            for one, member, category in product(good, ("FR", "DE"), ("personal", "special_category"))
        ),
    )


def test_silence_lets_no_content_out_on_any_date_or_under_any_regime(flagship: Edition) -> None:
    days = (date(1999, 1, 1), date(2012, 6, 1), date(2018, 5, 24), date(2020, 7, 15), date(2023, 7, 10), NOW)
    regimes: tuple[Facts, ...] = ({}, {"applicable_regime": "eu_body"}, {"controller_role": "processor"})
    tried(
        flagship,
        (
            ({**sent, **regime, "data_category": category}, day, {"unacceptable"})
            for sent, regime, category, day in product(CONTENT, regimes, CATEGORIES, days)
        ),
    )


def test_use_for_its_own_ends_needs_a_basis(flagship: Edition) -> None:
    own = {"provider_own_purposes": "own_purposes"}
    hosts = [{**NO_REACH, **AT_HOME, **hosted_by(m)} for m in MEMBERS] + [owned_from(c) for c in ("US", "CH")]
    examined = {"processor_contract": "complete", "dpia": "approved"}
    one_only: tuple[Facts, ...] = ({}, {"processor_contract": "complete"}, {"dpia": "approved"})
    unfounded = (
        ({**host, **own, **one, "data_category": k}, NOW, {"unacceptable"})
        for host, one, k in product(hosts, one_only, CATEGORIES)
    )
    sensitive = (({**host, **own, **examined, "data_category": k}, NOW, {"unacceptable"})
                 for host, k in product(hosts, SENSITIVE))  # fmt: skip
    founded = (({**host, **own, **examined, "data_category": "personal"}, NOW, {"conditional"}) for host in hosts)
    tried(flagship, (*unfounded, *sensitive, *founded))


def test_the_rule_on_state_data_has_its_own_exemptions(flagship: Edition) -> None:
    state = {"data_category": "state_sensitive"}
    homes = [{**NO_REACH, **AT_HOME, **hosted_by(member)} for member in MEMBERS]
    days = (date(2021, 7, 5), date(2023, 6, 1), NOW)
    none = {"immunity_qualification": "none"}
    bound = (({**state, **home, **none}, day, {"transition_only"}) for home, day in product(homes, days))
    exempt = (({**state, **home, **none, **KEYS_OUT}, day, {"acceptable"}) for home, day in product(homes, days))
    own = (({**state, **home, "immunity_qualification": "self_operated"}, day, {"sovereign"})
           for home, day in product(homes, days))  # fmt: skip
    silent = (({**state, **home}, day, {"conditional"}) for home, day in product(homes, days))
    earlier = (({**state, **home, **none}, date(2021, 7, 4), {"acceptable"}) for home in homes)
    abroad = (({**state, **owned_from(c), **none, **KEYS_OUT}, NOW, {"conditional"}) for c in THIRD)
    tried(flagship, (*bound, *exempt, *own, *silent, *earlier, *abroad))


def test_excused_is_conditional(flagship: Edition) -> None:
    """Encryption, pseudonymisation, immunity or a bar on the subcontractor answers reach, and has to stay."""
    excuses: tuple[Facts, ...] = (
        KEYS_OUT, {**KEYS_OUT, "key_holder": "trusted_third_party_eu"}, {"pseudonymisation": "multiple_independent"},
        QUALIFIED, {"key_holder": "external_key_manager", "provider_needs_cleartext": "attested_enclave"},
    )  # fmt: skip
    tried(
        flagship,
        (
            ({**owned_from(country), **excuse, "data_category": category}, NOW, {"conditional"})
            for country, excuse, category in product(THIRD, excuses, CATEGORIES[:3])
        ),
    )


def test_sovereignty_is_shown_by_what_shows_it(flagship: Edition) -> None:
    home = {**NO_REACH, **AT_HOME, "data_category": "personal"}
    ways = [
        ({"immunity_qualification": "self_operated"}, NOW, True),
        ({"immunity_qualification": "treaty_immunity"}, NOW, True),
        (KEYS_OUT, NOW, True),
        ({**KEYS_OUT, "key_holder": "trusted_third_party_eu"}, NOW, True),
        (QUALIFIED, NOW, True),
        ({"immunity_qualification": "secnumcloud", "secnumcloud_version": "before_3_2"}, NOW, False),
        ({"immunity_qualification": "secnumcloud"}, date(2022, 3, 7), False),
        ({"immunity_qualification": "secnumcloud"}, date(2024, 1, 1), False),
        ({"immunity_qualification": "secnumcloud"}, date(2025, 3, 8), True),
        ({"immunity_qualification": "secnumcloud_in_progress"}, NOW, False),
        ({"immunity_qualification": "hds"}, NOW, False),
        ({"immunity_qualification": "none", **READABLE}, NOW, False),
    ]
    tried(
        flagship,
        (
            ({**home, **hosted_by(member), **how}, day, {"sovereign" if shown else "acceptable"})
            for (how, day, shown), member in product(ways, MEMBERS)
        ),
    )


def test_duties_older_than_the_gdpr_bind_before_it(flagship: Edition) -> None:
    """Directive 95/46/EC: a contract (Article 17(3)), a tool (25, 26), and no more than occasional derogations."""
    days = (date(1999, 1, 1), date(2010, 1, 1), date(2018, 5, 24))
    home = {**NO_REACH, **AT_HOME, **hosted_by("DE")}
    contract = (({**home, "data_category": k, "processor_contract": "none"}, d, {"unacceptable"})
                for k, d in product(CATEGORIES, days))  # fmt: skip
    tool = (({**sent, "data_category": k, "transfer_tool": t, "transfer_destination": "IN"}, d, {"unacceptable"})
            for sent, k, t, d in product(CONTENT, CATEGORIES, ("none", "derogation"), days))  # fmt: skip
    nordic = (({**hosted_by(c), **NO_REACH, "storage_country": c, "data_category": k}, d, {"acceptable"})
              for c, k, d in product(("NO", "IS"), ("personal", "special_category"), (*days[1:], NOW)))  # fmt: skip
    tried(flagship, (*contract, *tool, *nordic))


def test_an_adequacy_decision_spares_ordinary_data_a_commitment(flagship: Edition) -> None:
    """It makes the exposure conditional; sensitive data, and clauses, still call for a commitment to contest."""
    none = {"disclosure_commitment": "none", "transfers": "technical_data_only"}
    framed = {**owned_from("US"), **none, "transfer_tool": "data_privacy_framework", "transfer_destination": "US"}
    clauses = {**owned_from("US"), **none, "transfer_tool": "scc_supplementary"}
    keys: tuple[Facts, ...] = ({}, READABLE, {"key_holder": "customer_in_provider_kms"})
    days = (date(2023, 7, 10), date(2025, 1, 1), NOW)
    spared = (({**framed, **k, "data_category": "personal"}, d, {"conditional"}) for k, d in product(keys, days))
    bound = (({**framed, **k, "data_category": c}, d, {"transition_only"})
             for k, c, d in product(keys, SENSITIVE[:2], days))  # fmt: skip
    under = (({**clauses, **k, "data_category": c}, d, {"transition_only"})
             for k, c, d in product(keys, CATEGORIES[:3], days))  # fmt: skip
    tried(flagship, (*spared, *bound, *under))
