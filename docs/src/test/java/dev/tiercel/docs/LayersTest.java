package dev.tiercel.docs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.Slices;
import org.junit.jupiter.api.Test;

/**
 * The house as it is drawn: layers import downwards only, siblings do not know each other, and
 * there are no cycles.
 */
class LayersTest {

  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.tiercel");

  /** Each package is a slice of its own, also those within others. */
  private static final SliceAssignment PACKAGES = new SliceAssignment() {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages of dev.tiercel";
    }
  };

  private static final String[] FACADE = {"dev.tiercel"};
  private static final String[] REGION = {"dev.tiercel.region"};
  private static final String[] TIER = {"dev.tiercel.tier"};
  private static final String[] POLICIES = {
    "dev.tiercel.coherence", "dev.tiercel.hedge", "dev.tiercel.guard", "dev.tiercel.batch"
  };
  private static final String[] SUPPORT = {
    "dev.tiercel.observe", "dev.tiercel.health", "dev.tiercel.budget"
  };
  private static final String[] SPI = {
    "dev.tiercel.backend", "dev.tiercel.codec", "dev.tiercel.builtin"
  };
  private static final String[] BASE = {"dev.tiercel.time", "dev.tiercel.error"};

  @Test
  void everyClass_isInALayerThatIsDrawn() {
    var outside = CLASSES.stream()
        .filter(type -> !resideInAnyPackage(
                "dev.tiercel",
                "dev.tiercel.region",
                "dev.tiercel.tier",
                "dev.tiercel.coherence",
                "dev.tiercel.hedge",
                "dev.tiercel.guard",
                "dev.tiercel.batch",
                "dev.tiercel.observe",
                "dev.tiercel.health",
                "dev.tiercel.budget",
                "dev.tiercel.backend",
                "dev.tiercel.codec",
                "dev.tiercel.builtin",
                "dev.tiercel.time",
                "dev.tiercel.error",
                "dev.tiercel.redis",
                "dev.tiercel.dynamo",
                "dev.tiercel.testing..")
            .test(type))
        .toList();
    assertThat(outside).isEmpty();
    assertThat(CLASSES.stream().filter(resideInAPackage("dev.tiercel.redis"))).isNotEmpty();
    assertThat(CLASSES.stream().filter(resideInAPackage("dev.tiercel.dynamo"))).isNotEmpty();
  }

  @Test
  void layers_importDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("facade")
        .definedBy(FACADE)
        .layer("region")
        .definedBy(REGION)
        .layer("tier")
        .definedBy(TIER)
        .layer("policies")
        .definedBy(POLICIES)
        .layer("support")
        .definedBy(SUPPORT)
        .layer("spi")
        .definedBy(SPI)
        .layer("base")
        .definedBy(BASE)
        .layer("adapters")
        .definedBy("dev.tiercel.redis", "dev.tiercel.dynamo")
        .layer("testing")
        .definedBy("dev.tiercel.testing..")
        .whereLayer("testing")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("adapters")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("facade")
        .mayOnlyBeAccessedByLayers("testing")
        .whereLayer("region")
        .mayOnlyBeAccessedByLayers("facade")
        .whereLayer("tier")
        .mayOnlyBeAccessedByLayers("facade", "region")
        .whereLayer("policies")
        .mayOnlyBeAccessedByLayers("facade", "region", "tier")
        .whereLayer("support")
        .mayOnlyBeAccessedByLayers("facade", "region", "tier", "policies", "adapters", "testing")
        .whereLayer("spi")
        .mayOnlyBeAccessedByLayers(
            "facade", "region", "tier", "policies", "support", "adapters", "testing")
        .check(CLASSES);
  }

  @Test
  void policies_doNotKnowEachOther() {
    for (var one : POLICIES) {
      for (var other : POLICIES) {
        if (!one.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage(one)
              .should()
              .dependOnClassesThat()
              .resideInAPackage(other)
              .check(CLASSES);
        }
      }
    }
  }

  @Test
  void regions_knowTheTiersAndNoPolicyBelowThem() {
    noClasses()
        .that()
        .resideInAPackage("dev.tiercel.region")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tiercel.hedge", "dev.tiercel.guard", "dev.tiercel.batch")
        .check(CLASSES);
  }

  @Test
  void adapters_doNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("dev.tiercel.redis")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.tiercel.dynamo")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.tiercel.dynamo")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.tiercel.redis")
        .check(CLASSES);
  }

  @Test
  void base_importsNothingOfTiercelButItself() {
    noClasses()
        .that()
        .resideInAPackage("dev.tiercel.time")
        .should()
        .dependOnClassesThat(resideInAPackage("dev.tiercel..")
            .and(resideInAPackage("dev.tiercel.time").negate()))
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(CLASSES);
    var packages = CLASSES.stream().map(JavaClass::getPackageName).distinct().count();
    assertThat(Slices.assignedFrom(PACKAGES).transform(CLASSES)).hasSize((int) packages);
  }

  @Test
  void packages_sayThatNothingIsNullUnlessMarked() {
    var packages = CLASSES.stream().map(JavaClass::getPackage).distinct().toList();
    assertThat(packages).isNotEmpty();
    assertThat(packages)
        .allMatch(one -> one.isAnnotatedWith("org.jspecify.annotations.NullMarked"));
  }
}
