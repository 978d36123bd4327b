package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.error.InvalidRequest;
import dev.tarn.lake.LakeCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeAddressTest {

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  private LakeAddress address(String lake) {
    return new LakeAddress(Optional.of(lake), Optional.empty(), environment::get);
  }

  private LakeAddress unsaid() {
    return new LakeAddress(Optional.empty(), Optional.empty(), environment::get);
  }

  @Test
  void itIsAFolderOfThatNameUnlessSaid() {
    assertThat(unsaid().catalog()).isEqualTo(LakeCatalog.of(Path.of("lake")));
  }

  @Test
  void theOptionGoesBeforeTheEnvironment() {
    environment.put("TARN_LAKE", "there");
    assertThat(unsaid().catalog()).isEqualTo(LakeCatalog.of(Path.of("there")));
    assertThat(address("here").catalog()).isEqualTo(LakeCatalog.of(Path.of("here")));
  }

  @Test
  void anEmptyVariableSaysNothing() {
    environment.put("TARN_LAKE", "");
    assertThat(unsaid().catalog()).isEqualTo(LakeCatalog.of(Path.of("lake")));
  }

  @Test
  void aFolderWithoutALakeIsMissedOnlyWhereItIsNeeded() {
    environment.put("TARN_LAKE", folder.toString());
    assertThat(unsaid().ifThere()).isEmpty();
    assertThatThrownBy(unsaid()::existing)
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Cannot open the lake [%s]: there is none in that folder. Name another with --lake or TARN_LAKE, or make one with tarn write.",
            folder);
  }

  @Test
  void anOptionThatNamesNoLakeIsAMistake() {
    assertThatThrownBy(address(folder.toString())::ifThere).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void aFolderWithACatalogIsALake() throws IOException {
    Files.createFile(folder.resolve("catalog.db"));
    assertThat(address(folder.toString()).ifThere()).contains(LakeCatalog.of(folder));
  }

  @Test
  void aDatabaseTakesUserAndPasswordFromTheEnvironment() {
    environment.put("TARN_WAREHOUSE", "data");
    environment.put("TARN_LAKE_USER", "ada");
    environment.put("TARN_LAKE_PASSWORD", "secret");
    LakeAddress address = address("jdbc:postgresql://db/lake");
    assertThat(address.catalog())
        .isEqualTo(
            new LakeCatalog.Jdbc(
                "jdbc:postgresql://db/lake",
                Map.of("user", "ada", "password", "secret"),
                Path.of("data")));
    assertThat(address.name()).contains("//db/lake").doesNotContain("secret", "ada");
  }

  @Test
  void aDatabaseNeedsAFolderForData() {
    assertThatThrownBy(address("jdbc:postgresql://db/lake?password=secret")::existing)
        .isInstanceOf(WrongCommandLine.class)
        .hasMessage(
            "Cannot open the lake: its catalog is a database, and no folder for its data is said. Add --warehouse DIR, or set TARN_WAREHOUSE.");
  }

  @Test
  void aRestCatalogTakesATokenOrACredential() {
    environment.put("TARN_LAKE_TOKEN", "abc");
    assertThat(address("https://catalog/v1").catalog())
        .isEqualTo(new LakeCatalog.Rest("https://catalog/v1", Map.of("token", "abc")));
    environment.clear();
    environment.put("TARN_LAKE_USER", "id");
    environment.put("TARN_LAKE_PASSWORD", "secret");
    environment.put("TARN_WAREHOUSE", "main");
    assertThat(address("https://catalog/v1").catalog())
        .isEqualTo(
            new LakeCatalog.Rest(
                "https://catalog/v1", Map.of("credential", "id:secret", "warehouse", "main")));
  }
}
