using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>A model's weights in the CPU's memory.</summary>
internal sealed class CpuModel : IDeviceModel
{
    private readonly Dictionary<(TensorRole Role, int? Layer), PanelMatrix> _matrices = [];
    private readonly Dictionary<(TensorRole Role, int? Layer), NativeBuffer> _vectors = [];
    private readonly CpuTeam _team;

    private CpuModel(CpuTeam team, DecodeStepPlan plan, ulong seed)
    {
        _team = team;
        Plan = plan;
        Seed = seed;
    }

    /// <summary>The plan that the weights were made for.</summary>
    public DecodeStepPlan Plan { get; }

    public ulong Seed { get; }

    public long AllocatedBytes =>
        _matrices.Values.Sum(matrix => matrix.AllocatedBytes) + _vectors.Values.Sum(vector => vector.Bytes);

    public static CpuModel Load(
        CpuTeam team,
        DecodeStepPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        var model = new CpuModel(team, plan, seed);
        try
        {
            long total = plan.Memory.WeightBytes;
            long done = 0;
            foreach (WeightTensor tensor in plan.Tensors)
            {
                cancellation.ThrowIfCancellationRequested();
                model.Add(tensor, cancellation);
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

    public PanelMatrix Matrix(WeightTensor tensor) => _matrices[(tensor.Role, tensor.Layer)];

    public NativeBuffer Vector(WeightTensor tensor) => _vectors[(tensor.Role, tensor.Layer)];

    public IDecodeSession OpenSession(DecodeStepPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (
            !ReferenceEquals(plan.Model, Plan.Model)
            || plan.Layers != Plan.Layers
            || plan.Conditions.Formats.Weights != Plan.Conditions.Formats.Weights
            || plan.Conditions.Formats.LmHead != Plan.Conditions.Formats.LmHead
        )
        {
            throw new ArgumentException("The plan is not for the weights that were loaded.", nameof(plan));
        }

        return CpuSession.Open(_team, this, plan, cancellation);
    }

    public void Dispose()
    {
        foreach (PanelMatrix matrix in _matrices.Values)
        {
            matrix.Dispose();
        }

        foreach (NativeBuffer vector in _vectors.Values)
        {
            vector.Dispose();
        }

        _matrices.Clear();
        _vectors.Clear();
    }

    private void Add(WeightTensor tensor, CancellationToken cancellation)
    {
        if (tensor.IsVector)
        {
            _vectors.Add((tensor.Role, tensor.Layer), LoadVector(tensor));
        }
        else
        {
            _matrices.Add((tensor.Role, tensor.Layer), PanelLoader.Load(_team, Seed, tensor, cancellation));
        }
    }

    /// <summary>Norms and biases are widened once: they are small, and every element is used at every step.</summary>
    private unsafe NativeBuffer LoadVector(WeightTensor tensor)
    {
        var values = new double[tensor.Layout.Columns];
        new SyntheticMatrix(Seed, tensor).DecodeRow(0, values);
        var buffer = new NativeBuffer(values.Length * sizeof(float));
        for (int i = 0; i < values.Length; i++)
        {
            buffer.Floats[i] = (float)values[i];
        }

        return buffer;
    }
}
