using System.Text.Json;

namespace GpuDecodeBench.Records.Tests;

/// <summary>A fault in a file that is part of the program is found when it is read, and does not become a value that nobody gave.</summary>
public sealed class DataFileOptionsTests
{
    [Fact]
    public void AWholeFileIsRead() => Assert.NotNull(Read("""{"about":[],"sources":[],"devices":[]}"""));

    [Theory]
    [InlineData("""{"about":[],"sources":[]}""")]
    [InlineData("""{"about":[],"sources":null,"devices":[]}""")]
    [InlineData("""{"about":[],"sources":[{}],"devices":[]}""")]
    [InlineData("""{"about":[],"sources":[],"devices":[],"more":1}""")]
    [InlineData("""{"About":[],"Sources":[],"Devices":[]}""")]
    public void AMissingAnEmptyAndAnUnknownFieldAreErrors(string text) =>
        Assert.Throws<JsonException>(() => Read(text));

    private static HardwareFile? Read(string text) =>
        JsonSerializer.Deserialize(text, HardwareJson.Strict.HardwareFile);
}
