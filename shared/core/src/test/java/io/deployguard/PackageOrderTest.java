package io.deployguard;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.deployguard.classification.CatalogCompiler;
import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.ResemblanceTrainer;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data flows one way, and the core computes: each step can be read, tested and replaced by itself. */
class PackageOrderTest {

    /** Each package may use those above it, and none below. */
    private static final List<String> ORDER = List.of(
            "fault",
            "ecs",
            "event",
            "detection",
            "evidence",
            "classification",
            "doctor",
            "decision",
            "action",
            "incident",
            "notification",
            "report",
            "pipeline");

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.deployguard");

    static Stream<String> packages() {
        return ORDER.stream();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyWhatStandsBeforeIt(String name) {
        var later = IntStream.range(ORDER.indexOf(name) + 1, ORDER.size())
                .mapToObj(ORDER::get)
                .map(after -> "io.deployguard." + after + "..")
                .toArray(String[]::new);
        if (later.length > 0) {
            noClasses()
                    .that()
                    .resideInAPackage("io.deployguard." + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(later)
                    .check(CORE);
        }
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        var names = CORE.stream()
                .map(type -> type.getPackageName().split("\\."))
                .filter(parts -> parts.length > 2)
                .map(parts -> parts[2])
                .distinct();

        assertThat(names)
                .as("say in PackageOrderTest.ORDER where the package stands")
                .isSubsetOf(ORDER);
    }

    @Test
    void everyPackageIsNullMarked() {
        var packages =
                CORE.stream().map(type -> type.getPackageName()).distinct().toList();

        assertThat(packages).isNotEmpty().allSatisfy(name -> {
            var info = CORE.stream()
                    .filter(type -> type.getName().equals(name + ".package-info"))
                    .findFirst();
            assertThat(info)
                    .as("add package-info.java with @NullMarked to " + name)
                    .isPresent();
            assertThat(info.orElseThrow().isAnnotatedWith(NullMarked.class)).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "software.amazon.awssdk..",
                "com.amazonaws..",
                "java.sql..",
                "javax.sql..",
                "java.net.http..",
                "java.util.logging..",
                "org.slf4j..",
                "java.util.concurrent.."
            })
    void theCoreKnowsNothingOfTheOutside(String outside) {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(outside).and(resideOutsideOfPackages("io.deployguard..")))
                .check(CORE);
    }

    /** The bundled catalogue lies on the class path, where the build puts its archive and what it learned; everything else is read elsewhere. */
    @Test
    void theCoreReadsNoFileButItsOwn() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(CauseCatalog.class, CatalogCompiler.class, ResemblanceTrainer.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Files.class)
                .check(CORE);
    }

    @Test
    void theCoreHasNoThreadNoClockAndNoEnvironmentOfItsOwn() {
        noClasses().should().dependOnClassesThat().areAssignableTo(Thread.class).check(CORE);
        noClasses().should().callMethodWhere(readsAClock()).check(CORE);
        noClasses().should().callMethod(System.class, "getenv").check(CORE);
        noClasses().should().callMethod(System.class, "getenv", String.class).check(CORE);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(CORE);
        noClasses().should().callMethod(System.class, "nanoTime").check(CORE);
    }

    private static DescribedPredicate<JavaCall<?>> readsAClock() {
        return describe("reads a clock of its own", call -> {
            var method = call.getTarget().getName();
            return call.getTargetOwner().getPackageName().equals("java.time")
                    && (method.equals("now") || method.startsWith("system"));
        });
    }
}
