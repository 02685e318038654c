package io.deployguard.evidence;

import java.util.List;

/**
 * The kinds of secrets the guard knows. Prefixes are those that the issuers document; a kind is one line here and one row in the test.
 *
 * @see <a href="https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns">Supported secret scanning
 *     patterns</a>
 */
final class SecretShapes {

    static final List<SecretShape> ALL = List.of(
            // Cloud keys.
            SecretShape.of(
                    "akia asia abia acca aroa aida agpa",
                    5,
                    "\\b(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA|AGPA)[A-Z0-9]{12,}\\b"),
            SecretShape.of("aiza", 5, "AIza[0-9A-Za-z_-]{30,}"),
            SecretShape.of("ya29.", 5, "ya29\\.[0-9A-Za-z_-]{20,}"),
            SecretShape.of("gocspx-", 7, "GOCSPX-[0-9A-Za-z_-]{20,}"),
            SecretShape.of("ltai", 5, "\\bLTAI[0-9A-Za-z]{12,}\\b"),
            SecretShape.of("8q~ 7q~", 8, "[0-9A-Za-z_~.-]{3}[78]Q~[0-9A-Za-z_~.-]{30,}"),
            SecretShape.of("dop_v1_ doo_v1_ dor_v1_", 7, "do[opr]_v1_[0-9a-f]{32,}"),
            // Tokens of services, by their documented prefix.
            SecretShape.of("ghp_ gho_ ghu_ ghs_ ghr_", 5, "\\bgh[pousr]_[0-9A-Za-z]{20,}"),
            SecretShape.of("github_pat_", 11, "github_pat_[0-9A-Za-z_]{20,}"),
            SecretShape.of(
                    "glpat- gldt- glrt- glcbt- glptt- glft-", 7, "gl(?:pat|dt|rt|cbt|ptt|ft)-[0-9A-Za-z_.-]{16,}"),
            SecretShape.of(
                    "xoxa- xoxb- xoxp- xoxr- xoxs- xoxe- xoxc- xoxd-", 5, "xox[abcdeprs](?:-|\\.)[0-9A-Za-z.%-]{10,}"),
            SecretShape.of("xapp-", 5, "xapp-[0-9A-Za-z-]{10,}"),
            SecretShape.of(
                    "hooks.slack.com/ discord.com/api/webhooks/ discordapp.com/api/webhooks/ webhook.office.com/",
                    36,
                    "(?:hooks\\.slack\\.com/[a-z]+|discord(?:app)?\\.com/api/webhooks|webhook\\.office\\.com)/(?P<s>[0-9A-Za-z_/@-]{16,})"),
            SecretShape.of("sk_live_ sk_test_ rk_live_ rk_test_ pk_live_", 8, "[rsp]k_(?:live|test)_[0-9A-Za-z]{10,}"),
            SecretShape.of("whsec_", 6, "whsec_[0-9A-Za-z+/=]{16,}"),
            SecretShape.of("sg.", 4, "\\bSG\\.[0-9A-Za-z_-]{16,}\\.[0-9A-Za-z_-]{16,}"),
            SecretShape.of("npm_", 5, "\\bnpm_[0-9A-Za-z]{30,}"),
            SecretShape.of("pypi-", 5, "pypi-[0-9A-Za-z_-]{40,}"),
            SecretShape.of("sk-", 4, "\\bsk-(?:proj-|ant-|svcacct-|or-v1-)?[0-9A-Za-z_-]{20,}"),
            SecretShape.of("hf_ api_org_", 8, "\\b(?:hf_|api_org_)[0-9A-Za-z]{24,}"),
            SecretShape.of("nrak- nrjs- nrii-", 5, "NR(?:AK|JS|II)-[0-9A-Za-z-]{18,}"),
            SecretShape.of("shpat_ shpca_ shppa_ shpss_", 6, "shp(?:at|ca|pa|ss)_[0-9A-Za-z]{24,}"),
            SecretShape.of("hvs. hvb. hvr.", 5, "\\bhv[sbr]\\.[0-9A-Za-z_-]{20,}"),
            SecretShape.of("dckr_pat_ dckr_oat_", 9, "dckr_[po]at_[0-9A-Za-z_-]{20,}"),
            SecretShape.of("glc_ glsa_", 6, "\\bgl(?:c|sa)_[0-9A-Za-z+/=_]{20,}"),
            SecretShape.of("age-secret-key-", 15, "AGE-SECRET-KEY-1[0-9A-Z]{40,}"),
            SecretShape.of("dp.pt. dp.st. dp.ct.", 6, "dp\\.[a-z]{2}\\.[0-9A-Za-z._-]{30,}"),
            SecretShape.of("dapi", 5, "\\bdapi[0-9a-f]{32}(?:-\\d)?\\b"),
            SecretShape.of(
                    "lin_api_ sbp_ pmak- ntn_ atatt3 pat- rdme_ sntrys_ sntryu_ phc_ phx_ pnu_ rubygems_ tfp_ pul- fo1_ figd_",
                    8,
                    "\\b(?:lin_api_|sbp_|PMAK-|ntn_|ATATT3|pat-|rdme_|sntry[su]_|ph[cx]_|pnu_|rubygems_|tfp_|pul-|fo1_|figd_)[0-9A-Za-z+/=_-]{24,}"),
            SecretShape.of("eaa", 4, "\\bEAA[0-9A-Za-z]{60,}"),
            SecretShape.of("sq0", 4, "\\bsq0[a-z]{3}-[0-9A-Za-z_-]{20,}"),
            SecretShape.of("eaaa", 5, "\\bEAAA[0-9A-Za-z_-]{56,}"),
            SecretShape.of("key-", 5, "\\bkey-[0-9a-f]{32}\\b"),
            SecretShape.of(":aa", 14, "\\d{8,10}:AA[0-9A-Za-z_-]{30,}"),
            // JSON Web Tokens, also without their third part.
            SecretShape.of("eyj", 4, "\\beyJ[0-9A-Za-z_-]{8,}\\.[0-9A-Za-z_-]{8,}(?:\\.[0-9A-Za-z_-]*)*"),
            new PemBlock(),
            new UrlCredentials(),
            SecretShape.of("jdbc:oracle:thin:", 17, "jdbc:oracle:thin:[^\\s/@'\"]{1,80}/(?P<s>[^\\s@'\"]{1,120})@"),
            SecretShape.of(
                    "@tcp( @unix( @udp( @cloudsql(",
                    200,
                    "[^\\s\"'`:/@]{1,64}:(?P<s>[^\\s\"']{1,120})@(?:tcp|unix|udp|cloudsql)\\("),
            // Headers.
            SecretShape.of(
                    "authorization authorisation",
                    13,
                    "(?i)authori[sz]ation[\"']?\\s*[:=]>?\\s*[\"'\\[]*(?:[A-Za-z0-9-]{3,24}\\s+)?(?P<s>[^\\s\"',;\\]}]{6,}(?:[^\"'\\r\\n\\]}]*Signature=[0-9a-f]+)?)",
                    (line, from, to) -> SecretNames.isValue(line, from, to)),
            SecretShape.of(
                    "bearer basic",
                    6,
                    "(?i)\\b(?:bearer|basic)\\s+(?P<s>[0-9A-Za-z._~+/-]{12,}=*)",
                    (line, from, to) -> hasDigitOrMixedCase(line, from, to)),
            SecretShape.of(
                    "cookie",
                    6,
                    "(?i)(?:set-)?cookies?[\"']?\\s*[:=]>?\\s*[\"'\\[]*(?P<s>[A-Za-z0-9_.%-]{1,80}=[^\"'\\r\\n\\]}]{4,})"),
            // Parameters of signed URLs.
            SecretShape.of(
                    "signature= credential= security-token= awsaccesskeyid= googleaccessid= sig= policy= key-pair-id= hmac=",
                    24,
                    "(?i)(?:x-(?:amz|goog|oss)-(?:signature|credential|security-token)|\\bsignature|credential|awsaccesskeyid|googleaccessid|\\bsig|\\bpolicy|key-pair-id|hmac)"
                            + "=(?P<s>[^\\s&\"'<>,]{8,})"),
            SecretSetting.named(),
            SecretSetting.keys(),
            SecretShape.of(
                    "accountkey= sharedaccesskey=",
                    16,
                    "(?i)(?:AccountKey|SharedAccessKey)=(?P<s>[0-9A-Za-z+/=]{20,})"),
            SecretShape.of(
                    "--password --token --secret",
                    11,
                    "--(?:password|token|secret)[ =](?P<s>[^\\s\"'-][^\\s\"']{5,})",
                    SecretNames::isValue),
            SecretShape.of(
                    "sshpass redis-cli mysqldump mysqladmin",
                    10,
                    "(?:sshpass -p ?|redis-cli [^\\r\\n]{0,80}-a |redis-cli -a |mysql(?:dump|admin) [^\\r\\n]{0,80}-p)(?P<s>[^\\s\"'-][^\\s\"']{3,})"),
            SecretShape.of(
                    "curl", 4, "curl [^\\r\\n]{0,120}(?:-u|--user)[ =][\"']?[^\\s\"':]{1,64}:(?P<s>[^\\s\"']{4,})"));

    private SecretShapes() {}

    private static boolean hasDigitOrMixedCase(String line, int from, int to) {
        String value = line.substring(from, to);
        return value.chars().anyMatch(Character::isDigit)
                || (value.chars().anyMatch(Character::isUpperCase)
                        && value.chars().skip(1).anyMatch(Character::isUpperCase));
    }
}
