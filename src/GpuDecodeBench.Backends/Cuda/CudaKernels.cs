using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// The kernels for one GPU: PTX from the program itself or a folder, compiled by the driver module by module when it is first asked for.
/// </summary>
internal sealed class CudaKernels
{
    private const int DependentGraphsDriverVersion = 12030;

    /// <summary>
    /// From here on the driver's compiler takes the kernels of a module side by side: CU_JIT_SPLIT_COMPILE of
    /// https://docs.nvidia.com/cuda/archive/13.0.0/cuda-driver-api/group__CUDA__TYPES.html.
    /// </summary>
    private const int ParallelCompilerDriverVersion = 13000;

    private readonly CudaContext _context;
    private readonly KernelSource _source;
    private readonly int _driverVersion;
    private readonly Dictionary<string, CudaModule> _modules = [];
    private readonly Dictionary<(string Module, string Kernel), CudaFunction> _functions = [];

    /// <summary>
    /// The environment variable that gives every kernel the same wish for shared memory, in percent of a multiprocessor's first-level cache:
    /// one that changes its share between kernels may first have to run empty.
    /// </summary>
    public const string CarveoutVariable = "GPU_DECODE_BENCH_CARVEOUT";

    /// <summary>
    /// The environment variable that has products ask the second-level cache for more of their weights than registers hold, while kernels
    /// before them end: so many groups of 4 KiB for each team of 32 lanes.
    /// </summary>
    public const string PrefetchVariable = "GPU_DECODE_BENCH_PREFETCH";

    /// <summary>A team has a lane for each group.</summary>
    public const int MostGroupsAhead = 32;

    private CudaKernels(KernelSource source, CudaContext context, int architecture, int driverVersion)
    {
        _source = source;
        _driverVersion = driverVersion;
        _context = context;
        Architecture = architecture;
        Other = source.Identify(architecture);
    }

    /// <summary>The compute capability that the kernels were made for: 80 for 8.0.</summary>
    public int Architecture { get; }

    /// <summary>What runs instead of the program's own kernels; null for these.</summary>
    public OtherKernels? Other { get; }

    /// <summary>Percent of the first-level cache that every kernel asks for as shared memory; null leaves it to the driver.</summary>
    public int? CarveoutPercent { get; set; }

    /// <summary>
    /// Groups behind its first that a team of a product asks the second-level cache for; 0 where kernels do not overlap, whatever is wished.
    /// </summary>
    public int GroupsAhead
    {
        get => HasDependentLaunch ? field : 0;
        set;
    }

    /// <summary>Whether products run on tensor cores.</summary>
    public bool HasMatrixInstructions => Architecture >= 80;

    /// <summary>
    /// Whether a kernel may start while the one before it ends: on compute capability 9.0, and in graphs with drivers of CUDA 12.3
    /// on (https://docs.nvidia.com/cuda/archive/12.3.0/cuda-c-programming-guide/index.html, "Use in CUDA Graphs").
    /// </summary>
    public bool HasDependentLaunch => Architecture >= 90 && _driverVersion >= DependentGraphsDriverVersion;

    /// <summary>Finds the best PTX for a GPU and its driver.</summary>
    /// <exception cref="DeviceUnavailableException">There is none, in words.</exception>
    /// <exception cref="InputException">A file of a folder is no PTX.</exception>
    public static CudaKernels For(KernelSource source, CudaLibrary library, CudaContext context)
    {
        string? whyNot = null;
        int oldest = 0;
        foreach (int architecture in source.Architectures)
        {
            oldest = architecture;
            if (architecture > context.Device.Compute)
            {
                continue;
            }

            // The newest of its modules: some need a newer driver than the rest.
            (int major, int minor) = source
                .ModulesOf(architecture)
                .Max(module => source.VersionOf(architecture, module));
            whyNot = library.WhyPtxUnsupported(major, minor);
            if (whyNot is null)
            {
                return new CudaKernels(source, context, architecture, library.DriverVersion)
                {
                    CarveoutPercent = ReadCarveout(Environment.GetEnvironmentVariable(CarveoutVariable)),
                    GroupsAhead = ReadGroupsAhead(Environment.GetEnvironmentVariable(PrefetchVariable)),
                };
            }
        }

        throw new DeviceUnavailableException(
            whyNot
                ?? $"{context.Device.Name} has compute capability {context.Device.ComputeMajor}.{context.Device.ComputeMinor}; {source.Words} need {oldest / 10}.{oldest % 10} or newer."
        );
    }

    /// <summary>What <see cref="CarveoutVariable"/> says; null where it is not set.</summary>
    /// <exception cref="InputException">It is not a percentage.</exception>
    internal static int? ReadCarveout(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int percent) && percent <= 100
            ? percent
        : throw new InputException(
            $"{CarveoutVariable} '{text}' is not accepted; give a whole number of percent from 0 to 100, or leave it unset for the driver's choice."
        );

    /// <summary>What <see cref="PrefetchVariable"/> says; 0 where it is not set.</summary>
    /// <exception cref="InputException">It is no number of groups.</exception>
    internal static int ReadGroupsAhead(string? text) =>
        string.IsNullOrEmpty(text) ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int groups)
        && groups <= MostGroupsAhead
            ? groups
        : throw new InputException(
            $"{PrefetchVariable} '{text}' is not accepted; give a whole number of 4 KiB groups from 0 to {MostGroupsAhead}, or leave it unset for none."
        );

    /// <summary>A kernel of a module.</summary>
    public CudaFunction Get(string module, string kernel)
    {
        if (!_functions.TryGetValue((module, kernel), out CudaFunction? function))
        {
            if (!_modules.TryGetValue(module, out CudaModule? loaded))
            {
                loaded = _context.LoadModule(
                    _source.Read(Architecture, module),
                    _source.Describe(Architecture, module),
                    new CudaJitOptions(IsParallel: _driverVersion >= ParallelCompilerDriverVersion)
                );
                _modules.Add(module, loaded);
            }

            function = loaded.Function(kernel);
            if (CarveoutPercent is int percent)
            {
                function.SetCarveout(percent);
            }

            _functions.Add((module, kernel), function);
        }

        return function;
    }

    /// <summary>Names of the program's own modules of an architecture, those that it shares with an older one included.</summary>
    internal static IEnumerable<string> ModulesOf(int architecture) => KernelSource.Own.ModulesOf(architecture);

    /// <summary>The PTX of a module of the program's own.</summary>
    internal static byte[] Read(int architecture, string module) => KernelSource.Own.Read(architecture, module);
}
