using System.Text;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>GPU_DECODE_BENCH_KERNELS: kernels out of a folder instead of the program's own.</summary>
public sealed class KernelFolderTests : IDisposable
{
    private const int Architecture = 80;
    private const string NvccHead = "// Cuda compilation tools, release 12.4, V12.4.131\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("kernels-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ACopyOfTheProgramsKernelsComputesAStepAndIsNotTakenForThem()
    {
        Copy(KernelSource.Own.ModulesOf(Architecture));
        using CudaDevice device = Open(90);
        Assert.True(Step(device).Passed);

        Assert.Equal(Architecture, device.Kernels.Architecture);
        OtherKernels other = device.Description.OtherKernels!;
        Assert.Equal((_folder, 64), (other.Folder, other.Sha256.Length));
        Assert.Equal("a compiler that they do not name", other.Compiler);
        Assert.Contains(
            $"{_folder}, by {other.Compiler}, SHA-256 ",
            device.Description.Detail,
            StringComparison.Ordinal
        );
        Assert.Contains(other.Mark, device.Description.NameWithKernels, StringComparison.Ordinal);
        Assert.Equal($"1.2+kernels.{other.Sha256[..12]}", other.Version("1.2"));
    }

    [Fact]
    public void WithoutAFolderKernelsAreTheProgramsOwn()
    {
        Assert.Same(KernelSource.Own, KernelFolder.OrOwn(null));
        Assert.Same(KernelSource.Own, KernelFolder.OrOwn(""));
        using var device = (CudaDevice)
            new EmulatorBackend(90) { Kernels = KernelSource.Own }.Open(EmulatorBackend.BackendName);
        Assert.Null(device.Description.OtherKernels);
        Assert.Equal(device.Description.Name, device.Description.NameWithKernels);
        Assert.DoesNotContain("SHA-256", device.Description.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ADifferenceInAKernelIsNoticedInItsResultsAndInItsDigest()
    {
        Copy(KernelSource.Own.ModulesOf(Architecture));
        string same = new KernelFolder(_folder).Identify(Architecture).Sha256;
        Assert.Equal(same, new KernelFolder(_folder).Identify(Architecture).Sha256);

        Alter(
            "linear_bf16",
            text =>
                text.Replace(
                        "mma.sync.aligned.m16n8k16.row.col.f32.bf16",
                        "mma.sync.aligned.m16n8k16.row.col.f32.f16",
                        StringComparison.Ordinal
                    )
                    .Replace("f32.f16.bf16.f32", "f32.f16.f16.f32", StringComparison.Ordinal)
        );
        Assert.NotEqual(same, new KernelFolder(_folder).Identify(Architecture).Sha256);
        using CudaDevice device = Open(Architecture);
        Assert.Contains(Step(device).Operations, check => !check.Passed);
    }

    [Fact]
    public void NvccIsNamedAndSoIsWhoeverIsMixedWithIt()
    {
        Copy(["argmax", "rope"]);
        Alter("argmax", text => NvccHead + text);
        Assert.Equal(
            "a compiler that they do not name and nvcc 12.4.131",
            new KernelFolder(_folder).Identify(Architecture).Compiler
        );
        Alter("rope", text => NvccHead + text);
        Assert.Equal("nvcc 12.4.131", new KernelFolder(_folder).Identify(Architecture).Compiler);
    }

    [Fact]
    public void NoRegistersAreClaimedOfKernelsThatNoAssemblerHasSeen()
    {
        Copy(["linear_bf16"]);
        using CudaDevice others = Open(Architecture);
        using var own = (CudaDevice)
            new EmulatorBackend(Architecture) { Kernels = KernelSource.Own }.Open(EmulatorBackend.BackendName);
        Assert.Equal(128, own.Kernels.Get("linear_bf16", "linear_mma_bf16_t8").RegistersPerThread);
        Assert.Equal(32, others.Kernels.Get("linear_bf16", "linear_mma_bf16_t8").RegistersPerThread);
    }

    [Fact]
    public void AMissingModuleIsOneSentenceWithItsNameAndTheFolder()
    {
        Copy(KernelSource.Own.ModulesOf(Architecture).Where(module => module != "rope_append"));
        using CudaDevice device = Open(90);
        string message = Assert.Throws<InputException>(() => Step(device)).Message;
        Assert.Equal(
            $"GPU_DECODE_BENCH_KERNELS '{_folder}' has no module rope_append for sm_80 or older; build it with kernels/build, or leave the variable unset.",
            message
        );
    }

    [Fact]
    public void AFolderThatIsNoneOrHasNoKernelsIsRefused()
    {
        string nowhere = Path.Combine(_folder, "nowhere");
        Assert.Contains(
            $"'{nowhere}' is no folder",
            Assert.Throws<InputException>(() => KernelFolder.OrOwn(nowhere)).Message,
            StringComparison.Ordinal
        );
        Directory.CreateDirectory(Path.Combine(_folder, "sm_90"));
        File.WriteAllText(Path.Combine(_folder, "sm_90", "README.md"), "none");
        Assert.Contains(
            $"'{_folder}' has no kernels",
            Assert.Throws<InputException>(() => KernelFolder.OrOwn(_folder)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void KernelsForNewerGpusAloneAndFilesThatAreNoPtxAreRefused()
    {
        Copy(["argmax"]);
        Assert.Contains(
            $"the kernels of GPU_DECODE_BENCH_KERNELS '{_folder}' need 8.0 or newer",
            Assert.Throws<DeviceUnavailableException>(() => Open(75)).Message,
            StringComparison.Ordinal
        );
        Alter("argmax", _ => "nothing");
        Assert.Contains(
            "argmax.ptx is no PTX",
            Assert.Throws<InputException>(() => Open(Architecture)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ModulesKeptAsDifferencesAreReadAsTheProgramReadsItsOwn()
    {
        string text = CopyWithDifference();
        Assert.Equal(
            text.Replace(".target sm_80\n", ".target sm_90\n", StringComparison.Ordinal),
            Encoding.ASCII.GetString(new KernelFolder(_folder).Read(90, "linear_bf16"))
        );
    }

    [Fact]
    public void ADifferenceIsOfItsOwnVersionOrWhereItHasNoneOfTheOldersVersion()
    {
        // clang's kernels for sm_90 are of a newer version, nvcc's all of one.
        Assert.Equal((8, 0), KernelSource.Own.VersionOf(90, "linear_bf16"));
        Assert.Equal((7, 4), KernelSource.Own.VersionOf(Architecture, "linear_bf16"));
        CopyWithDifference();
        Assert.Equal((7, 4), new KernelFolder(_folder).VersionOf(90, "linear_bf16"));
    }

    /// <summary>As kernels/build leaves them: sm_80's text, which is returned, and of sm_90 what differs.</summary>
    private string CopyWithDifference()
    {
        Copy(["linear_bf16"]);
        string text = Encoding.ASCII.GetString(KernelSource.Own.Read(Architecture, "linear_bf16"));
        int line =
            text.Split('\n').ToList().FindIndex(line => line.StartsWith(".target", StringComparison.Ordinal)) + 1;
        Directory.CreateDirectory(Path.Combine(_folder, "sm_90"));
        File.WriteAllText(
            Path.Combine(_folder, "sm_90", "linear_bf16.ptx.diff"),
            $"d{line} 1\na{line} 1\n.target sm_90\n"
        );
        return text;
    }

    private static StepCheckResult Step(CudaDevice device)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, contexts: [20, 7]);
        plan = plan.On(device);
        using IDeviceModel model = device.LoadModel(plan, 1, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        return StepChecker.Check(session, CheckSelection.Everything);
    }

    private CudaDevice Open(int architecture) =>
        (CudaDevice)
            new EmulatorBackend(architecture) { Kernels = KernelFolder.OrOwn(_folder) }.Open(
                EmulatorBackend.BackendName
            );

    private void Copy(IEnumerable<string> modules)
    {
        foreach (string module in modules)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(module))!);
            File.WriteAllBytes(PathOf(module), KernelSource.Own.Read(Architecture, module));
        }
    }

    private void Alter(string module, Func<string, string> change)
    {
        string text = File.ReadAllText(PathOf(module));
        string altered = change(text);
        Assert.NotEqual(text, altered);
        File.WriteAllText(PathOf(module), altered);
    }

    private string PathOf(string module) => Path.Combine(_folder, $"sm_{Architecture}", $"{module}.ptx");
}
