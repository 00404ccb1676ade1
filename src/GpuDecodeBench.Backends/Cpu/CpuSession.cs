using System.Diagnostics;
using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>A step on the CPU: one team of threads goes through all operations together, with a barrier after each.</summary>
internal sealed class CpuSession : IDecodeSession
{
    private readonly CpuTeam _team;
    private readonly CpuStepMemory _memory;
    private readonly CpuOperation[] _operations;
    private readonly long[] _timestamps;
    private readonly Action<int> _runAll;

    private CpuSession(CpuTeam team, CpuModel model, CpuStepMemory memory, StepInputs inputs)
    {
        _team = team;
        _memory = memory;
        Plan = memory.Plan;
        Seed = model.Seed;
        Inputs = inputs;
        _operations = [.. new CpuStepBuilder(team, model, memory).Build()];
        _timestamps = new long[_operations.Length + 1];
        _runAll = RunAll;
    }

    public DecodeStepPlan Plan { get; }

    public ulong Seed { get; }

    public StepInputs Inputs { get; }

    public long AllocatedBytes => _memory.AllocatedBytes;

    public IReadOnlyList<int>? DistinctExperts => _memory.Experts?.DistinctByLayer;

    public static CpuSession Open(
        CpuTeam team,
        CpuModel model,
        DecodeStepPlan plan,
        StepInputs inputs,
        CancellationToken cancellation
    )
    {
        var memory = new CpuStepMemory(plan, team.Size);
        try
        {
            memory.Allocate(team, model.Seed, inputs, cancellation);
            return new CpuSession(team, model, memory, inputs);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    public double RunStep()
    {
        foreach (CpuOperation operation in _operations)
        {
            operation.Reset();
        }

        _team.Run(_runAll);
        return Seconds(_timestamps[0], _timestamps[^1]);
    }

    public double RunStepByOperation(Span<double> operationSeconds)
    {
        double step = RunStep();
        operationSeconds.Clear();
        for (int i = 0; i < _operations.Length; i++)
        {
            operationSeconds[_operations[i].Plan.Index] += Seconds(_timestamps[i], _timestamps[i + 1]);
        }

        return step;
    }

    public void RunStepTraced(IStepTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        int index = 0;
        while (index < _operations.Length)
        {
            PlanOperation plan = _operations[index].Plan;
            Poison(plan);
            for (; index < _operations.Length && _operations[index].Plan == plan; index++)
            {
                CpuOperation operation = _operations[index];
                operation.Reset();
                _team.Run(operation.Run);
            }

            Show(plan, trace);
        }
    }

    public void PoisonStep()
    {
        // Not Experts: the assignment is made by routing, whose buffer is poisoned.
        foreach (PlanOperation operation in Plan.Operations.Where(operation => !operation.IsInPlace))
        {
            Poison(operation);
        }
    }

    public void ShowResults(IStepTrace trace)
    {
        foreach (PlanOperation operation in StepResults.OperationsOf(Plan))
        {
            Show(operation, trace);
        }
    }

    public void Dispose() => _memory.Dispose();

    private static double Seconds(long start, long end) => Stopwatch.GetElapsedTime(start, end).TotalSeconds;

    private void RunAll(int worker)
    {
        if (worker == 0)
        {
            _timestamps[0] = Stopwatch.GetTimestamp();
        }

        for (int i = 0; i < _operations.Length; i++)
        {
            _operations[i].Run(worker);
            _team.Barrier();
            if (worker == 0)
            {
                _timestamps[i + 1] = Stopwatch.GetTimestamp();
            }
        }
    }

    private void Poison(PlanOperation operation)
    {
        if (operation.IsInPlace)
        {
            return;
        }

        switch (operation.Kind)
        {
            case OperationKind.Argmax:
                _memory.NextTokens.AsSpan().Fill(-1);
                return;
            case OperationKind.KvAppend:
                VisitAppended(
                    operation,
                    (cache, block, slot, _, head, isValue, codes) =>
                    {
                        codes.AsSpan().Fill(0xFF);
                        cache.Store(block, slot, head, isValue, codes, ushort.MaxValue);
                    }
                );
                return;
            default:
                CpuBuffer output = _memory.Buffer(operation.Output);
                output.Poison(RowWidth(operation, output));
                return;
        }
    }

    private void Show(PlanOperation operation, IStepTrace trace)
    {
        switch (operation.Kind)
        {
            case OperationKind.Argmax:
                trace.OnOutput(operation, [.. _memory.NextTokens.Select(token => (float)token)]);
                return;
            case OperationKind.KvAppend:
                VisitAppended(
                    operation,
                    (cache, block, slot, sequence, head, isValue, codes) =>
                    {
                        ushort scale = cache.Load(block, slot, head, isValue, codes);
                        trace.OnKvAppended(operation, sequence, head, isValue, codes, scale);
                    }
                );
                return;
            default:
                CpuBuffer output = _memory.Buffer(operation.Output);
                float[] values = output.Copy(RowWidth(operation, output));
                trace.OnOutput(operation, output.IsByExpert ? InOrderOfSlots(operation, values) : values);
                return;
        }
    }

    private static int RowWidth(PlanOperation operation, CpuBuffer output) =>
        output.IsByExpert ? operation.OutputWidth / operation.Slots : operation.OutputWidth;

    private float[] InOrderOfSlots(PlanOperation operation, float[] rows)
    {
        var values = new float[rows.Length];
        int width = operation.OutputWidth / operation.Slots;
        for (int sequence = 0; sequence < Plan.Conditions.Batch; sequence++)
        {
            for (int slot = 0; slot < operation.Slots; slot++)
            {
                int row = _memory.Experts!.Row(sequence, slot, operation.Slots);
                int target = ((sequence * operation.Slots) + slot) * width;
                rows.AsSpan(row * width, width).CopyTo(values.AsSpan(target));
            }
        }

        return values;
    }

    private void VisitAppended(PlanOperation operation, Action<PagedKvCache, int, int, int, int, bool, byte[]> visit)
    {
        PagedKvCache cache = _memory.Cache(operation.Layer!.Value);
        var codes = new byte[cache.Layout.HeadDimension * cache.Layout.BytesPerElement];
        for (int sequence = 0; sequence < Plan.Conditions.Batch; sequence++)
        {
            (int block, int slot) = _memory.Slots.NewToken(sequence);
            for (int head = 0; head < cache.Layout.KvHeads; head++)
            {
                visit(cache, block, slot, sequence, head, false, codes);
                if (!cache.Layout.IsLatent)
                {
                    visit(cache, block, slot, sequence, head, true, codes);
                }
            }
        }
    }
}
