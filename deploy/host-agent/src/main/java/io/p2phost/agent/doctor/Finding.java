package io.p2phost.agent.doctor;

/**
 * One thing that was looked at.
 *
 * @param what in a word or two
 * @param found with its unit
 * @param required what the server asks for, with its unit; empty where it asks for nothing
 * @param advice what to do, empty where nothing is to be done
 */
public record Finding(String what, Verdict verdict, String found, String required, String advice) {
    /** What follows from it. */
    public enum Verdict {
        /** As it has to be. */
        MET,
        /** This machine cannot host like that. */
        NOT_MET,
        /** It can, but less well or less safely than it could. */
        WORSE,
        /** Nobody could tell. */
        UNKNOWN
    }
}
