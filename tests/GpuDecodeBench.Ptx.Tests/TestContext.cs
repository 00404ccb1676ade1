namespace GpuDecodeBench.Ptx.Tests;

internal static class TestContext
{
    public static CancellationToken Cancellation => CancellationToken.None;

    public static PtxModule Fixture(string name) =>
        PtxModule.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", name)));
}
