package io.github.milvusupgrade;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the core is built, as rules that are checked. */
class ArchitectureTest {

    private static final String ROOT = "io.github.milvusupgrade";
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** Who needs the whole of Jackson; the others may carry its annotations. */
    private static final List<String> WRITE_JSON = List.of("plan", "journal", "run");

    @ParameterizedTest(name = "{0} may use {1}")
    @CsvSource({
        "error,     ''",
        "version,   error",
        "component, error",
        "cluster,   version component",
        "path,      error version component cluster",
        "step,      component cluster path",
        "availability, error step",
        "plan,      error version component cluster path step",
        "journal,   error version component cluster path step plan",
        "run,       error version component cluster path step availability plan journal",
    })
    void aPackageUsesOnlyWhatLiesBelowIt(String user, String used) {
        Stream<String> ours = Stream.concat(Stream.of(user), Arrays.stream(used.split(" ")))
                .filter(name -> !name.isEmpty())
                .map(name -> ROOT + "." + name);
        Stream<String> theirs = Stream.of(
                "java..",
                "org.slf4j",
                "org.jspecify.annotations",
                "com.fasterxml.jackson.annotation",
                WRITE_JSON.contains(user) ? "com.fasterxml.jackson.." : "com.fasterxml.jackson.annotation");

        classes()
                .that()
                .resideInAPackage(ROOT + "." + user)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(ours, theirs).toArray(String[]::new))
                .check(CORE);
    }

    @Test
    void thereAreThesePackagesAndEveryOneIsNullMarked() {
        JavaPackage root = CORE.getPackage(ROOT);

        Stream<JavaPackage> all = Stream.concat(Stream.of(root), root.getSubpackagesInTree().stream());
        assertThat(all.filter(found -> !found.getClasses().isEmpty()))
                .allSatisfy(found -> assertThat(found.isAnnotatedWith(NullMarked.class))
                        .as("%s is @NullMarked", found.getName())
                        .isTrue())
                .extracting(JavaPackage::getRelativeName)
                .containsExactlyInAnyOrder(
                        "milvusupgrade",
                        "error",
                        "version",
                        "component",
                        "cluster",
                        "path",
                        "step",
                        "availability",
                        "plan",
                        "journal",
                        "run");
    }

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching(ROOT + ".(*)")
                .should()
                .beFreeOfCycles()
                .check(CORE);
    }

    @Test
    void nobodyPrints() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE);
    }

    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .callMethodWhere(calls(Map.of(Thread.class, "sleep")))
                .check(CORE);
    }

    @Test
    void nobodyMakesThreads() {
        noClasses()
                .should()
                .callConstructorWhere(describe(
                        "a thread is made", call -> call.getTargetOwner().isAssignableTo(Thread.class)))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executors.class)
                .check(CORE);
    }

    @Test
    void theTimeComesFromTheClockThatWasPassedIn() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(Upgrader.Builder.class)
                .should()
                .callMethodWhere(calls(Map.of(Clock.class, "systemUTC")))
                .check(CORE);
        noClasses()
                .should()
                .callMethodWhere(calls(Map.of(Clock.class, "systemDefaultZone", Instant.class, "now")))
                .orShould()
                .callMethodWhere(calls(Map.of(System.class, "currentTimeMillis")))
                .orShould()
                .callMethodWhere(calls(Map.of(System.class, "nanoTime")))
                .check(CORE);
    }

    @Test
    void namesSayWhatThingsAre() {
        classes()
                .that()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Handler")
                .andShould()
                .haveSimpleNameNotEndingWith("Impl")
                .andShould()
                .haveSimpleNameNotEndingWith("Info")
                .check(CORE);
    }

    @Test
    void publicClassesAreFinalUnlessTheyAreMeantToBeCaught() {
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotAssignableTo(Exception.class)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CORE);
    }

    private static DescribedPredicate<JavaCall<?>> calls(Map<Class<?>, String> methods) {
        return describe("one of " + methods, call -> {
            AccessTarget target = call.getTarget();
            return methods.entrySet().stream()
                    .anyMatch(method -> target.getOwner().isEquivalentTo(method.getKey())
                            && target.getName().equals(method.getValue()));
        });
    }
}
