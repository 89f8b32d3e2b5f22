namespace Homelab.UnitTests.Core;

public sealed class OperationScopeTests
{
    [Fact]
    public void No_pattern_and_a_star_among_them_mean_every_operation()
    {
        Assert.Same(OperationScope.All, OperationScope.Of([]));
        Assert.Same(OperationScope.All, OperationScope.Of(["docker_*", "*"]));
        Assert.True(OperationScope.All.Allows("docker_exec"));
        Assert.Equal("all operations", OperationScope.All.ToString());
    }

    [Fact]
    public void Names_and_patterns_allow_what_they_match_alone()
    {
        var scope = OperationScope.Of([" heal_run ", "docker_*", "heal_run"]);
        Assert.True(scope.Allows("docker_restart_container"));
        Assert.True(scope.Allows("heal_run"));
        Assert.False(scope.Allows("heal_resume"));
        Assert.Equal(scope, OperationScope.Parse(scope.Text));
        Assert.Equal(scope.GetHashCode(), OperationScope.Parse(scope.Text).GetHashCode());
        Assert.NotEqual(scope, OperationScope.All);
    }

    [Theory]
    [InlineData("docker exec")]
    [InlineData("Docker_*")]
    [InlineData("docker;*")]
    public void What_no_operation_can_be_called_is_refused(string pattern) =>
        Assert.Equal("ScopeInvalid", Assert.Throws<HomelabException>(() => OperationScope.Of([pattern])).Id);

    [Theory]
    [InlineData("*", "*", true)]
    [InlineData("*", "docker_*", true)]
    [InlineData("docker_*", "*", false)]
    [InlineData("docker_*", "docker_*", true)]
    [InlineData("docker_*", "docker_list_*", true)]
    [InlineData("docker_*", "docker_list_containers heal_run", false)]
    [InlineData("docker_* heal_run", "docker_list_containers heal_run", true)]
    [InlineData("docker_list_*", "docker_*", false)]
    [InlineData("docker_*", "d*", false)]
    [InlineData("a_?", "a_*", false)]
    [InlineData("a_?", "a_?", true)]
    [InlineData("a_*", "a_?", true)]
    public void One_scope_covers_another_only_when_that_is_certain(string ours, string theirs, bool covers) =>
        Assert.Equal(covers, OperationScope.Parse(ours).Covers(OperationScope.Parse(theirs)));
}
