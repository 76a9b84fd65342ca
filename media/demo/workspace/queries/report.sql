select project, sum(hours)
from hours
where day >= :monday
group by project
