package io.p2phost.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;

/**
 * The architecture as rules: cores without framework, closed adapters, no cycles between features, and what lets seven
 * services live in one JVM.
 */
public final class ArchitectureRules {
    private static final String[] ADAPTERS = {"..web..", "..jpa..", "..jdbc..", "..kafka..", "..net.."};

    private ArchitectureRules() {}

    /** Checks every rule on a service's classes. */
    public static void check(String rootPackage) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(rootPackage);
        rules(rootPackage).forEach(rule -> rule.allowEmptyShould(true).check(classes));
    }

    static List<ArchRule> rules(String rootPackage) {
        return List.of(
                coreIsFreeOfFrameworks(),
                adaptersAreClosed(),
                featuresDoNotReachIntoForeignAdapters(rootPackage),
                featuresHaveNoCycles(rootPackage),
                noSystemProperties(),
                noMutableStatics());
    }

    static ArchRule coreIsFreeOfFrameworks() {
        return noClasses()
                .that(areCore())
                .should()
                .dependOnClassesThat(isFramework())
                .because("the rules of the product must be readable and testable without a framework");
    }

    static ArchRule adaptersAreClosed() {
        return classes()
                .that()
                .resideInAnyPackage(ADAPTERS)
                .and()
                .areTopLevelClasses()
                .should()
                .notBePublic()
                .because("an adapter is reached through its feature's ports only");
    }

    static ArchRule featuresDoNotReachIntoForeignAdapters(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(ADAPTERS)
                .and(areNotWiring())
                .should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("adapters of " + root) {
                    @Override
                    public boolean test(JavaClass type) {
                        return type.getPackageName().startsWith(root) && isAdapter(type);
                    }
                });
    }

    static ArchRule featuresHaveNoCycles(String root) {
        return SlicesRuleDefinition.slices().matching(root + ".(*)..").should().beFreeOfCycles();
    }

    static ArchRule noSystemProperties() {
        return noClasses()
                .should()
                .callMethod(System.class, "setProperty", String.class, String.class)
                .because("several services share one JVM");
    }

    static ArchRule noMutableStatics() {
        return fields().that()
                .areStatic()
                .and(new DescribedPredicate<JavaField>("are written by hand") {
                    @Override
                    public boolean test(JavaField field) {
                        return !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                                && !field.getName().startsWith("$");
                    }
                })
                .should()
                .beFinal()
                .because("a static that changes is shared by accident when services share a JVM");
    }

    private static DescribedPredicate<JavaClass> areCore() {
        return new DescribedPredicate<>("are core (a feature's root package)") {
            @Override
            public boolean test(JavaClass type) {
                return !isAdapter(type)
                        && !isWiring(type)
                        && !type.getPackageName().endsWith(".config");
            }
        };
    }

    private static DescribedPredicate<JavaClass> areNotWiring() {
        return new DescribedPredicate<>("are not wiring") {
            @Override
            public boolean test(JavaClass type) {
                return !isWiring(type);
            }
        };
    }

    private static DescribedPredicate<JavaClass> isFramework() {
        return new DescribedPredicate<>("belong to a framework") {
            @Override
            public boolean test(JavaClass type) {
                String name = type.getName();
                if (name.startsWith("org.springframework.transaction.annotation.")
                        || name.startsWith("org.springframework.boot.context.properties.")) {
                    return false;
                }
                return name.startsWith("org.springframework.")
                        || name.startsWith("jakarta.")
                        || name.startsWith("org.hibernate.")
                        || name.startsWith("org.apache.kafka.");
            }
        };
    }

    private static boolean isAdapter(JavaClass type) {
        String name = "." + type.getPackageName() + ".";
        return List.of(".web.", ".jpa.", ".jdbc.", ".kafka.", ".net.").stream().anyMatch(name::contains);
    }

    /** Wiring: {@code *Application}, {@code *Configuration} and validated settings ({@code *Properties}). */
    private static boolean isWiring(JavaClass type) {
        JavaClass top = type;
        while (top.getEnclosingClass().isPresent()) {
            top = top.getEnclosingClass().get();
        }
        String name = top.getSimpleName();
        return name.endsWith("Application") || name.endsWith("Configuration") || name.endsWith("Properties");
    }
}
