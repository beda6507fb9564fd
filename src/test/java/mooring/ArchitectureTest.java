package mooring;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the arrows between the rooms; only the main package sees every one. */
@AnalyzeClasses(packages = "mooring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule CORE =
      classes()
          .that()
          .resideInAPackage("mooring.core..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "mooring.core..",
              "java..",
              "javax.crypto..",
              "io.reactivex.rxjava3..",
              "com.ongres.saslprep..",
              "com.ongres.stringprep..")
          .because("the core knows no HTTP, JSON, SQL, Kubernetes or Vert.x");

  @ArchTest static final ArchRule STATUS = room("status", "core");
  @ArchTest static final ArchRule API = room("api", "core", "status");
  @ArchTest static final ArchRule STORE = room("store", "core");
  @ArchTest static final ArchRule PLATFORM = room("platform", "core");
  @ArchTest static final ArchRule WORK = room("work", "core", "status");
  @ArchTest static final ArchRule LOCAL = room("local");

  @ArchTest
  static final ArchRule NO_API_KNOWS_ANOTHER =
      slices().matching("mooring.api.(*)..").should().notDependOnEachOther().allowEmptyShould(true);

  @ArchTest
  static final ArchRule KUBERNETES_STAYS_IN_ITS_ROOMS =
      noClasses()
          .that()
          .resideOutsideOfPackages("mooring", "mooring.platform..", "mooring.local..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8..")
          .because("its calls block the calling thread");

  @ArchTest
  static final ArchRule SQL_STAYS_IN_ITS_ROOMS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "mooring.store..", "mooring.local..", "mooring.platform.postgres..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.pgclient..", "io.vertx.sqlclient..", "java.sql..");

  private static ArchRule room(String name, String... mayUse) {
    String[] allowed = new String[mayUse.length + 1];
    allowed[0] = "mooring." + name + "..";
    for (int i = 0; i < mayUse.length; i++) {
      allowed[i + 1] = "mooring." + mayUse[i] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage("mooring." + name + "..")
        .should()
        .dependOnClassesThat(resideInAPackage("mooring..").and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true)
        .because(name + " may use " + String.join(", ", allowed) + " of ours");
  }
}
