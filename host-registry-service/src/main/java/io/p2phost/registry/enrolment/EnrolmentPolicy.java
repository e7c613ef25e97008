package io.p2phost.registry.enrolment;

import java.time.Duration;

/**
 * Who may enrol how many machines.
 *
 * @param codeLifetime how long a code can be redeemed
 * @param codeLength characters of a code, 5 bits each
 * @param maxHostsPerAccount how many hosts an account may have, blacklisted ones included
 * @param maxOpenCodesPerAccount how many unused codes an account may have at once
 */
public record EnrolmentPolicy(
        Duration codeLifetime, int codeLength, int maxHostsPerAccount, int maxOpenCodesPerAccount) {}
