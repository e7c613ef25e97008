package io.p2phost.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.p2phost.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule rulesOfCarryingAndStayingKnowNoNetworkLibrary = noClasses()
            .that()
            .resideInAnyPackage("..agent.serving..", "..agent.session..", "..agent.run..", "..agent.home..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "io.p2phost.links..", "oshi..", "java.net.http..", "picocli..");

    @ArchTest
    static final ArchRule onlyMeasuringKnowsOshi = noClasses()
            .that()
            .resideOutsideOfPackage("..machine.oshi..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("oshi..");

    @ArchTest
    static final ArchRule noSpringOnAPlayersMachine =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule featuresAreFreeOfCycles =
            slices().matching("io.p2phost.agent.(*)..").should().beFreeOfCycles();
}
