using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>A model's weights in the CPU's memory.</summary>
internal sealed class CpuModel : IDeviceModel
{
    private readonly Dictionary<WeightTensor, IDisposable> _tensors = [];
    private readonly CpuTensorStore _store;
    private readonly CpuTeam _team;

    private CpuModel(CpuTeam team, CpuKernels kernels, CpuTensorStore store, DecodeStepPlan plan, ulong seed)
    {
        _team = team;
        Kernels = kernels;
        _store = store;
        Plan = plan;
        Seed = seed;
    }

    /// <summary>The kernels of the SIMD path that the device was opened with.</summary>
    public CpuKernels Kernels { get; }

    /// <summary>The plan that the weights were made for.</summary>
    public DecodeStepPlan Plan { get; }

    public ulong Seed { get; }

    public long AllocatedBytes =>
        _tensors.Values.Sum(tensor =>
            tensor switch
            {
                PanelMatrix matrix => matrix.AllocatedBytes,
                PanelMatrixSet set => set.AllocatedBytes,
                _ => ((NativeBuffer)tensor).Bytes,
            }
        );

    public static CpuModel Load(
        CpuTeam team,
        CpuKernels kernels,
        CpuTensorStore store,
        DecodeStepPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        var model = new CpuModel(team, kernels, store, plan, seed);
        try
        {
            long total = plan.Memory.WeightBytes;
            long done = 0;
            foreach (WeightTensor tensor in plan.Tensors)
            {
                cancellation.ThrowIfCancellationRequested();
                model._tensors.Add(tensor, store.Take(plan.Model, seed, tensor, cancellation));
                done += tensor.Bytes;
                progress?.Report((double)done / total);
            }

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public PanelMatrix Matrix(WeightTensor tensor) => (PanelMatrix)_tensors[tensor];

    public PanelMatrixSet Matrices(WeightTensor tensor) => (PanelMatrixSet)_tensors[tensor];

    public NativeBuffer Vector(WeightTensor tensor) => (NativeBuffer)_tensors[tensor];

    public IDecodeSession OpenSession(DecodeStepPlan plan, StepInputs inputs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!ReferenceEquals(plan.Model, Plan.Model) || !plan.Tensors.All(_tensors.ContainsKey))
        {
            throw new ArgumentException("The plan is not for the weights that were loaded.", nameof(plan));
        }

        inputs.RequireFit(plan);
        return CpuSession.Open(_team, this, plan, inputs, cancellation);
    }

    public void Dispose()
    {
        foreach (WeightTensor tensor in _tensors.Keys)
        {
            _store.Release(Plan.Model, Seed, tensor);
        }

        _tensors.Clear();
    }
}
