namespace Homelab.UnitTests.Configuration;

public sealed class IncludeTests
{
    [Fact]
    public void Sections_are_joined_over_files_and_keep_their_places()
    {
        using var folder = new LabFolder();
        var file = folder
            .Write("lab.yaml", LabFolder.Head + "include: [ hosts.yaml, \"services/*.yaml\" ]\nservices:\n  dns:\n")
            .Write("hosts.yaml", "hosts:\n  dev: { address: d, docker: \"unix:///d.sock\" }\n")
            .Write("services/a.yaml", "apiVersion: homelab/v1\nkind: Lab\nservices:\n  gitea: { container: gitea@dev, dependsOn: [ dns ] }\n")
            .Write("services/b.yaml", "services:\n  wiki: {}\npolicy: { self: [ x ] }\n")
            .Read();
        Assert.Equal("dns gitea wiki", string.Join(' ', file.Lab.Services.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal(Path.Join(folder.Root, "services/a.yaml"), file.Source.Of("services.gitea").File);
        Assert.Equal(4, file.Source.Of("services.gitea").Line);
        Assert.Equal("x", Assert.Single(file.Lab.Policy.Self));
    }

    [Fact]
    public void A_key_given_in_two_files_is_told_with_both_places()
    {
        using var folder = new LabFolder();
        var problem = Assert.Single(folder
            .Write("lab.yaml", LabFolder.Head + "include: [ a.yaml ]\nservices:\n  dns: { hint: x }\n")
            .Write("a.yaml", "services:\n  dns: { tier: critical }\n")
            .Problems());
        Assert.Equal(("services.dns", Path.Join(folder.Root, "a.yaml"), 2, 3), (problem.Path, problem.Position.File, problem.Position.Line, problem.Position.Column));
        Assert.Contains(Path.Join(folder.Root, "lab.yaml") + ":6:3", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_are_never_joined_in_silence()
    {
        using var folder = new LabFolder();
        var problem = Assert.Single(folder
            .Write("lab.yaml", LabFolder.Head + "include: [ a.yaml ]\npolicy: { protected: [ a ] }\n")
            .Write("a.yaml", "policy: { protected: [ b ] }\n")
            .Problems());
        Assert.Equal("policy.protected", problem.Path);
        Assert.Contains("is given in two files", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_of_includes_is_told_and_not_followed()
    {
        using var folder = new LabFolder();
        var problem = Assert.Single(folder
            .Write("lab.yaml", LabFolder.Head + "include: [ a/a.yaml ]\n")
            .Write("a/a.yaml", "include: [ b.yaml ]\n")
            .Write("a/b.yaml", "include: [ ../a/a.yaml ]\n")
            .Problems());
        Assert.Equal("closes a circle: a.yaml → b.yaml → a.yaml", problem.Reason);
        Assert.Equal((Path.Join(folder.Root, "a/b.yaml"), 1, 12), (problem.Position.File, problem.Position.Line, problem.Position.Column));
    }

    [Fact]
    public void A_file_that_includes_itself_is_told() =>
        Assert.Contains("closes a circle: lab.yaml → lab.yaml", Assert.Single(LabFolder.ProblemsOf("include: [ lab.yaml ]")).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_pattern_never_means_the_file_that_holds_it() => Assert.Contains("matches no file", Assert.Single(LabFolder.Parse("include: [ \"*.yaml\" ]").Warnings).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_file_included_twice_is_told_once()
    {
        using var folder = new LabFolder();
        var problem = Assert.Single(folder.Write("lab.yaml", LabFolder.Head + "include: [ a.yaml, \"*.yaml\" ]\n").Write("a.yaml", "services: { a: {} }\n").Problems());
        Assert.Equal("include[1]", problem.Path);
        Assert.Contains("a second time", problem.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("include: [ §hots.yaml ]", "and there is no such file", "Did you mean 'hosts.yaml'?")]
    [InlineData("include: [ §none/x.yaml ]", "and there is no such file", "folder does not exist")]
    [InlineData("include: [ §/etc/passwd ]", "an absolute path", "relative")]
    [InlineData("include: [ §~/x.yaml ]", "an absolute path", "relative")]
    [InlineData("include: §hosts.yaml", "is a single value, not a list of files", "brackets")]
    [InlineData("include: [ §{ a: b } ]", "is no path of a file", "path")]
    [InlineData("include: [ §\"a\\0b\" ]", "is no path of a file", "path")]
    public void An_include_that_leads_nowhere_is_told_with_its_place(string sections, string reason, string wayOut)
    {
        var (text, line, column) = LabFolder.Unmark(LabFolder.Head + sections);
        using var folder = new LabFolder();
        var problem = Assert.Single(folder.Write("lab.yaml", text).Write("hosts.yaml", "hosts: {}\n").Problems());
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Contains(wayOut, problem.WayOut, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Position.Line, problem.Position.Column));
    }

    [Fact]
    public void A_pattern_without_match_is_a_warning()
    {
        var warning = Assert.Single(LabFolder.Parse("include: [ \"services/*.yaml\" ]").Warnings);
        Assert.Equal("include[0]", warning.Path);
    }

    [Fact]
    public void Mistakes_of_all_files_are_told_at_once_in_the_order_of_the_files()
    {
        using var folder = new LabFolder();
        var problems = folder
            .Write("lab.yaml", LabFolder.Head + "include: [ z.yaml, a.yaml ]\nunknown: 1\n")
            .Write("z.yaml", "services: { a: { tire: x } }\n")
            .Write("a.yaml", "kind: Runbook\n")
            .Problems();
        Assert.Equal(["unknown", "services.a.tire", "kind"], problems.Select(static p => p.Path), StringComparer.Ordinal);
    }

    [Fact]
    public void What_an_unreadable_file_may_hold_is_not_called_missing()
    {
        using var folder = new LabFolder();
        var problem = Assert.Single(folder
            .Write("lab.yaml", LabFolder.Head + "include: [ a.yaml ]\nservices: { gitea: { dependsOn: [ dns ] } }\n")
            .Write("a.yaml", "services: { dns: [\n")
            .Problems());
        Assert.Equal(Path.Join(folder.Root, "a.yaml"), problem.Position.File);
    }

    [Fact]
    public void A_folder_may_be_a_pattern_too()
    {
        using var folder = new LabFolder();
        var lab = folder
            .Write("lab.yaml", LabFolder.Head + "include: [ \"hosts/*/services.yaml\" ]\n")
            .Write("hosts/b/services.yaml", "services: { b: {} }\n")
            .Write("hosts/a/services.yaml", "services: { a: {} }\n")
            .Read().Lab;
        Assert.Equal(2, lab.Services.Count);
    }
}
