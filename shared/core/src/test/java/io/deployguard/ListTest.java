package io.deployguard;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.deployguard.action.Action;
import io.deployguard.action.Actions;
import io.deployguard.detection.Detector;
import io.deployguard.detection.Detectors;
import io.deployguard.doctor.Check;
import io.deployguard.doctor.check.Checks;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An open set is one class per member and one line in the list beside it; this asks for the line. */
class ListTest {

    @Test
    void everyDetectorStandsInItsList() {
        assertIsListed(Detector.class, Detectors.class, Detectors.all());
    }

    @Test
    void everyCheckStandsInItsList() {
        assertIsListed(Check.class, Checks.class, Checks.all());
    }

    @Test
    void everyActionStandsInItsList() {
        assertIsListed(Action.class, Actions.class, Actions.all());
        assertThat(Actions.all()).extracting(Action::id).doesNotHaveDuplicates();
        Actions.all().forEach(action -> assertThat(Actions.find(action.id())).contains(action));
        assertThat(Actions.find("unheard-of")).isEmpty();
    }

    private static void assertIsListed(Class<?> kind, Class<?> list, List<?> listed) {
        var names = listed.stream().map(member -> member.getClass().getName()).toList();
        assertThat(implementationsOf(kind))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(names)
                        .as(
                                "add this line to %s.ALL: new %s(),",
                                list.getSimpleName(), name.substring(name.lastIndexOf('.') + 1))
                        .contains(name));
    }

    private static List<String> implementationsOf(Class<?> kind) {
        Stream<JavaClass> classes = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.deployguard")
                        .stream();
        return classes.filter(type -> type.isAssignableTo(kind) && !type.isInterface())
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(JavaClass::getName)
                .toList();
    }
}
