namespace GpuDecodeBench.Browser.Tests;

/// <summary>All tests share one browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
