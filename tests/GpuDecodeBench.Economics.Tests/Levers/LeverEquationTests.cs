using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests.Levers;

public class LeverEquationTests
{
    [Theory]
    [InlineData(0.7, 5, 2.9411700)] // (1 − 0.7^6) / 0.3 = (1 − 0.117649) / 0.3
    [InlineData(0.5, 1, 1.5)] // (1 − 0.25) / 0.5
    [InlineData(0, 4, 1)]
    [InlineData(1, 4, 5)]
    public void ARoundYieldsTheExpectedTokensOfLeviathan(double acceptance, int length, double tokens) =>
        Assert.Equal(tokens, Speculation(acceptance, length)["spec_tokens"], 1e-6);

    [Fact]
    public void ARoundIsTheDraftsStepsAndOneCheck()
    {
        Evaluation round = Speculation(0.7, 5);

        // 5 × 0.05 × 20 ms + 22 ms = 27 ms for 2.94117 tokens of each of 8 sequences.
        Assert.Equal(1, round["t_draft"], 1e-12);
        Assert.Equal(27, round["t_round"], 1e-12);
        Assert.Equal(27 / 2.94117, round["t_token"], 1e-5);
        Assert.Equal(8 * 2.94117 / 0.027, round["rate"], 1e-2);
    }

    [Fact]
    public void APlannedDraftGoesBeforeAnAssumedShare()
    {
        Evaluation round = Speculation(0.7, 5, Input("t_draft", "ms", 2));

        Assert.Equal(32, round["t_round"], 1e-12);
    }

    [Fact]
    public void AnAssumedDraftTakesAShareOfTheWeightsMemory() =>
        Assert.Equal(
            2.1,
            EquationSystem
                .Create([Input("w_held", "GB/GPU", 70), Input("draft_memory", "1", 0.03)], [LeverEquations.DraftMemory])
                .Evaluate()["draft_held"],
            1e-12
        );

    [Fact]
    public void WhatIsEscalatedPaysBoth()
    {
        // 2 + 3 × 0.5 = 3.5 $/Mtok. 40 % at 0.35 and, with a quarter of it escalated, 70 % at 3.5: 0.14 + 2.45.
        Evaluation planned = Ranking(true, true, true, Input("mix_small", "$/Mtok", 0.35));
        Assert.Equal(3.5, planned["mix_model"], 1e-12);
        Assert.Equal(2.59, planned[LeverEquations.Mix], 1e-12);

        // A tenth of the model's own cost is the same 0.35.
        Assert.Equal(2.59, Ranking(true, true, false)[LeverEquations.Mix], 1e-12);
        Assert.Equal(3.5, Ranking(true, false, false)[LeverEquations.Mix], 1e-12);
        Assert.Equal(2, Ranking(false, false, false)[LeverEquations.Mix], 1e-12);
    }

    private static Evaluation Ranking(bool countsInput, bool routes, bool planned, params ModelInput[] more) =>
        EquationSystem
            .Create(
                [
                    Input("usd_all_mtok", "$/Mtok", 2),
                    Input("usd_all_mtok_in", "$/Mtok", 0.5),
                    Input("input_ratio", "1", 3),
                    Input("route_share", "1", 0.4),
                    Input("route_escalate", "1", 0.25),
                    Input("route_cost", "1", 0.1),
                    .. more,
                ],
                LeverEquations.Ranking(countsInput, routes, planned)
            )
            .Evaluate();

    private static Evaluation Speculation(double acceptance, int length, params ModelInput[] more) =>
        EquationSystem
            .Create(
                [
                    Input("sequences", "1", 8),
                    Input("spec_accept", "1", acceptance),
                    Input("spec_length", "1", length),
                    Input("draft_share", "1", 0.05),
                    Input("t_plain", "ms", 20),
                    Input("t_verify", "ms", 22),
                    .. more,
                ],
                LeverEquations.Speculation
            )
            .Evaluate();

    private static ModelInput Input(string symbol, string unit, double value) =>
        new(symbol, symbol, unit, value, ProvenanceNote.Assumed("an example"));
}
