package io.p2phost.testkit.offender.one.web;

public class OpenController {}
