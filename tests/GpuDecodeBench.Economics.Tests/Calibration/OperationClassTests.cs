using System.Runtime.CompilerServices;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Calibration;

public class OperationClassTests
{
    private static readonly string s_reports = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../reports");

    public static TheoryData<string> Records =>
        [
            .. Directory
                .GetFiles(s_reports, "*.json", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(s_reports, path))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Records))]
    public void ARecordsOperationsAreOfTheClassesOfItsPlans(string name)
    {
        RunRecord record = RunRecordStore.Read(Path.Combine(s_reports, name));
        foreach (PointRecord point in record.Points)
        {
            string[] planned =
            [
                .. CalibrationOperation
                    .Of(Plan(record, point))
                    .Select(operation => $"{operation.Name}: {operation.Class}"),
            ];
            string[] measured =
            [
                .. point.Operations.Select(operation => $"{operation.Name}: {OperationClass.Of(operation, point)}"),
            ];
            Assert.Equal(planned, measured);
        }
    }

    [Fact]
    public void WhatACheckpointLeavesInSixteenBitsIsNotTakenForItsWeights()
    {
        // gpt-oss quantises its experts alone.
        RunRecord record = RunRecordStore.Read(
            Path.Combine(s_reports, "amd-epyc-zen5-2-threads/2026-11-21-gpt-oss-20b-mxfp4.json")
        );
        Assert.All(
            record.Points,
            point =>
            {
                string ClassOf(string name) =>
                    OperationClass.Of(point.Operations.Single(operation => operation.Name == name), point).ToString();
                Assert.Equal("linear bf16", ClassOf("qkv_proj"));
                Assert.Equal("linear bf16", ClassOf("router"));
                Assert.Equal("expertLinear mxfp4", ClassOf("expert_down"));
                Assert.Equal("attention bf16", ClassOf("attention"));
                Assert.Equal("rope", ClassOf("rope"));
            }
        );
    }

    private static DecodeStepPlan Plan(RunRecord record, PointRecord point)
    {
        Assert.True(FormatNames.TryParseWeightFormat(point.Weights, out WeightFormat weights));
        Assert.True(FormatNames.TryParseWeightFormat(point.LmHead, out WeightFormat lmHead));
        Assert.True(FormatNames.TryParseKvFormat(point.Kv, out KvFormat kv));
        return DecodeStepPlan.Create(
            ModelCatalogue.Find(record.Model.Name),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = weights,
                    LmHead = lmHead,
                    Kv = kv,
                    Activations = ActivationFormat.Fp32,
                },
                point.Batch,
                point.Context
            ),
            point.LayersMeasured
        );
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
