using Homelab.Providers.Mcp;

namespace Homelab.UnitTests.Providers.Mcp;

/// <summary>Tools are sorted for people: by the lab file, by what they say of themselves, by the words of their names.</summary>
public sealed class ToolSorterTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> s_none = new(StringComparer.Ordinal);

    [Theory]
    [InlineData("get_vms", null, null, "query")]
    [InlineData("getVmStatus", null, null, "query")]
    [InlineData("vm.status", null, null, "query")]
    [InlineData("start_vm", null, null, "control")]
    [InlineData("execute-vm-command", null, null, "control")]
    [InlineData("run_playbook", null, null, "automation")]
    [InlineData("list_workflows", null, null, "query")]
    [InlineData("workflow_status", null, null, "automation")]
    [InlineData("APIStatus", null, null, "query")]
    [InlineData("frobnicate", null, null, "uncategorised")]
    [InlineData("", null, null, "uncategorised")]
    [InlineData("restart_count", true, null, "query")]
    [InlineData("run_workflow", true, null, "query")]
    [InlineData("get_everything_done", false, null, "control")]
    [InlineData("runbook_run", false, false, "automation")]
    [InlineData("frobnicate", null, true, "control")]
    [InlineData("frobnicate", null, false, "control")]
    public void A_tool_is_sorted_by_what_it_says_and_then_by_its_name(string name, bool? isReadOnly, bool? isDestructive, string expected) =>
        Assert.Equal(expected, new ToolSorter(s_none).CategoryOf(new McpTool(name, "", isReadOnly, isDestructive)));

    [Fact]
    public void The_lab_file_speaks_first_and_its_first_pattern_that_fits_counts()
    {
        var sorter = new ToolSorter(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["danger"] = ["*_vm"], ["control"] = ["start_*"] });
        Assert.Equal("danger", sorter.CategoryOf(new McpTool("start_vm", "", IsReadOnly: true, null)));
        Assert.Equal("control", sorter.CategoryOf(new McpTool("start_container", "", IsReadOnly: true, null)));
        Assert.Equal("query", sorter.CategoryOf(new McpTool("get_vms", "", null, null)));
    }

    [Fact]
    public void Categories_come_in_an_order_that_stays()
    {
        var sorter = new ToolSorter(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["zoo"] = ["z*"], ["alpha"] = ["a*"] });
        var sorted = sorter.Sort([.. ((string[])["frob", "zebra", "run_job", "stop", "ape", "get_b", "get_a"]).Select(static n => new McpTool(n, "", null, null))]);
        Assert.Equal(["query 2", "control 1", "automation 1", "alpha 1", "zoo 1", "uncategorised 1"], sorted.Select(static c => c.ToString()));
        Assert.Equal(["get_b", "get_a"], sorted[0].Tools.Select(static t => t.Name));
    }
}
