package dev.tarn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of the rooms: who may know whom. */
class ArchitectureTest {

  private static final JavaClasses TARN =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("dev.tarn");

  /** The front door shares the package of core, so that users import one package. */
  private static final DescribedPredicate<JavaClass> CORE =
      DescribedPredicate.describe(
          "core",
          c ->
              (List.of("dev.tarn", "dev.tarn.error", "dev.tarn.type", "dev.tarn.expr")
                          .contains(c.getPackageName())
                      || List.of("dev.tarn.plan", "dev.tarn.spi", "dev.tarn.sql", "dev.tarn.io")
                          .contains(c.getPackageName()))
                  && !c.getName().matches("dev\\.tarn\\.Tarn(\\$.*)?"));

  @Test
  void coreDependsOnTheJdkAndJspecifyAlone() {
    classes()
        .that(CORE)
        .should()
        .onlyDependOnClassesThat(
            CORE.or(
                DescribedPredicate.describe(
                    "JDK or jspecify",
                    c ->
                        c.getPackageName().startsWith("java.")
                            || c.getPackageName().isEmpty()
                            || c.getPackageName().equals("org.jspecify.annotations"))))
        .check(TARN);
  }

  @Test
  void theEngineRoomKnowsOnlyCore() {
    knowsOnlyCore("dev.tarn.duckdb");
  }

  @Test
  void theLakeKnowsOnlyCore() {
    knowsOnlyCore("dev.tarn.lake");
  }

  private static void knowsOnlyCore(String room) {
    noClasses()
        .that()
        .resideInAPackage(room + "..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "another room",
                c ->
                    c.getPackageName().startsWith("dev.tarn")
                        && !c.getPackageName().startsWith(room)
                        && !CORE.test(c)))
        .check(TARN);
  }

  @Test
  void onlyTheLakeKnowsIceberg() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tarn.lake..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.iceberg..", "org.sqlite..", "org.apache.hadoop..")
        .check(TARN);
  }

  @Test
  void onlyTheEngineRoomKnowsTheDriver() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tarn.duckdb..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.duckdb..", "org.apache.arrow..")
        .check(TARN);
  }

  @Test
  void nobodyKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tarn.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.tarn.cli..")
        .check(TARN);
  }

  @Test
  void theRootPackageStaysSmall() {
    List<String> types =
        TARN.stream()
            .filter(c -> c.getPackageName().equals("dev.tarn"))
            .filter(c -> c.isTopLevelClass() && c.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getSimpleName)
            .toList();
    assertThat(types).hasSizeLessThanOrEqualTo(12);
  }
}
