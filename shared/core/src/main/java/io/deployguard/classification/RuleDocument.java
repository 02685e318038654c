package io.deployguard.classification;

/**
 * One YAML document with rules, in the form of the bundled catalogue's files.
 *
 * @param name where it stands, as an operator would look for it: {@code s3://bucket/rules/ours.yaml}, {@code ssm:/deploy-guard/rules/ours},
 *     {@code ours.yaml}
 */
public record RuleDocument(String name, String text) {}
