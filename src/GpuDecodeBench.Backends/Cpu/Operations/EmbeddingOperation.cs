using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Gathers and decodes one embedding row per sequence. Items: sequences.</summary>
internal sealed unsafe class EmbeddingOperation(
    PlanOperation plan,
    PanelMatrix table,
    int[] tokens,
    double scale,
    CpuBuffer output
) : CpuOperation(plan, tokens.Length, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        var values = new double[table.Layout.Columns];
        for (long sequence = first; sequence < end; sequence++)
        {
            PanelPacker.DecodeRow(table, tokens[sequence], values);
            float* row = output.Row((int)sequence);
            for (int i = 0; i < values.Length; i++)
            {
                row[i] = (float)(values[i] * scale);
            }
        }
    }
}
